import { type ReportView, readNumber } from '../wire.ts';

/** A metric's training and validation form share a chart. */
export interface CurveGroup {
  readonly title: string;
  readonly names: readonly string[];
  readonly steps: readonly number[];
  /** One per name; null where that step has no such value. */
  readonly values: ReadonlyArray<ReadonlyArray<number | null>>;
}

const VALIDATION = 'val_';

/** The group of `metric` comes first. A step that several attempts reported shows the latest attempt. */
export function groupCurves(reports: readonly ReportView[], metric: string): CurveGroup[] {
  const latest = new Map<number, ReportView>();
  for (const report of reports) {
    const other = latest.get(report.step);
    if (other === undefined || other.attempt <= report.attempt) latest.set(report.step, report);
  }
  const ordered = [...latest.values()].sort((a, b) => a.step - b.step);
  const namesByTitle = new Map<string, Set<string>>([[titleOf(metric), new Set()]]);
  for (const { values } of ordered) {
    for (const name of Object.keys(values)) {
      const title = titleOf(name);
      namesByTitle.set(title, (namesByTitle.get(title) ?? new Set()).add(name));
    }
  }
  return [...namesByTitle]
    .filter(([, names]) => names.size > 0)
    .map(([title, names]) => group(title, [...names].sort().reverse(), ordered));
}

function group(title: string, names: readonly string[], reports: readonly ReportView[]): CurveGroup {
  return {
    title,
    names,
    steps: reports.map((report) => report.step),
    values: names.map((name) => reports.map((report) => finiteOrNull(report, name))),
  };
}

function finiteOrNull({ values }: ReportView, name: string): number | null {
  if (!Object.hasOwn(values, name)) return null;
  const value = readNumber(values[name]!);
  return Number.isFinite(value) ? value : null;
}

function titleOf(name: string): string {
  return name.startsWith(VALIDATION) ? name.slice(VALIDATION.length) : name;
}
