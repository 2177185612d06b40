import type { IssueList, Path } from './config-error.ts';
import type { OuterFile } from './file-schema.ts';
import { describeValue, placeOf, placeOfKey, type Tree } from './source-tree.ts';
import type { ConstraintConfig, MetricConfig, SweepConfig } from './sweep-config.ts';

type Metrics = Pick<SweepConfig, 'metric' | 'otherMetrics'>;
type MetricKeys = NonNullable<OuterFile['metrics']>[number];

const TEST_PART = /^test(?:_|\/|\.|-|$)/i;
/** Names of what is better when larger, so that a forgotten `goal` is noticed. */
const BETTER_WHEN_LARGER =
  /(?:^|_)(?:accuracy|auc|mcc|r2|score|(?:f1|precision|recall)(?:_macro|_micro|_weighted)?)$/i;

/**
 * `metric`, or the list `metrics`.
 * @param optional where a verb needs no trainer (ask-tell), values come without names.
 * @returns null after adding issues.
 */
export function readMetrics(
  file: OuterFile,
  optional: boolean,
  root: Tree,
  issues: IssueList,
  warnings: string[],
): Metrics | null {
  if (file.metric !== undefined && file.metrics !== undefined) {
    const message = '`metric` and `metrics` are both there; keep one';
    issues.add(placeOfKey(root, ['metrics']), ['metrics'], message);
    return null;
  }
  if (file.metrics !== undefined) return readList(file.metrics, root, issues, warnings);
  if (file.metric !== undefined) {
    return { metric: readObjective(file.metric, ['metric'], root, issues, warnings), otherMetrics: [] };
  }
  if (optional) {
    const metric = { name: 'value', goal: 'minimize', target: null, reduce: { type: 'last' } } as const;
    return { metric, otherMetrics: [] };
  }
  issues.add(
    placeOf(root, []),
    [],
    'required key `metric` is missing: expected, for example, `metric: {name: val_loss, goal: minimize}`',
  );
  return null;
}

function readList(
  list: readonly MetricKeys[],
  root: Tree,
  issues: IssueList,
  warnings: string[],
): Metrics | null {
  const read: Array<MetricConfig | ConstraintConfig> = [];
  for (const [i, raw] of list.entries()) {
    const path = ['metrics', i];
    const isConstraint = raw.min !== undefined || raw.max !== undefined;
    const metric = isConstraint
      ? readConstraint(raw, path, root, issues, warnings)
      : readObjective(raw, path, root, issues, warnings);
    if (read.some(({ name }) => name === metric.name)) {
      const at = [...path, 'name'];
      issues.add(placeOf(root, at), at, `\`${metric.name}\` stands twice in \`metrics\``);
    }
    read.push(metric);
  }
  const metric = read.find((one): one is MetricConfig => 'goal' in one);
  if (metric === undefined) {
    const message =
      'has constraints only: one entry at least is optimised, such as `{name: val_loss, goal: minimize}`';
    issues.add(placeOfKey(root, ['metrics']), ['metrics'], message);
    return null;
  }
  return { metric, otherMetrics: read.filter((one) => one !== metric) };
}

function readObjective(
  raw: MetricKeys,
  path: Path,
  root: Tree,
  issues: IssueList,
  warnings: string[],
): MetricConfig {
  const name = readName(raw.name, path, root, issues, warnings);
  if (raw.goal === undefined && BETTER_WHEN_LARGER.test(name)) {
    warnings.push(
      `${path.join('.')}: \`${name}\` is minimized, because \`goal\` is left out; write \`goal: maximize\` if more is better`,
    );
  }
  return {
    name,
    goal: raw.goal ?? 'minimize',
    target: raw.target ?? null,
    reduce: readReduce(raw.reduce ?? 'last'),
  };
}

function readConstraint(
  raw: MetricKeys,
  path: Path,
  root: Tree,
  issues: IssueList,
  warnings: string[],
): ConstraintConfig {
  const name = readName(raw.name, path, root, issues, warnings);
  const { min = null, max = null } = raw;
  const bound = max === null ? 'min' : 'max';
  for (const key of ['goal', 'target'] as const) {
    if (raw[key] === undefined) continue;
    const at = [...path, key];
    const message = `\`${bound}\` makes it a constraint, which is kept and not optimised: leave out \`${key}\` or \`${bound}\``;
    issues.add(placeOfKey(root, at), at, message);
  }
  if (min !== null && max !== null && min > max) {
    const at = [...path, 'min'];
    issues.add(placeOf(root, at), at, `\`min\` is ${min}, more than \`max\`, ${max}`);
  }
  const reduce = readReduce(raw.reduce ?? 'last');
  if (reduce.type !== 'best') return { name, min, max, reduce };
  const at = [...path, 'reduce'];
  const message = `a constraint has no best value: expected \`last\` or \`mean_last_5\`, got ${describeValue(raw.reduce)}`;
  issues.add(placeOf(root, at), at, message);
  return { name, min, max, reduce: { type: 'last' } };
}

function readName(given: string, above: Path, root: Tree, issues: IssueList, warnings: string[]): string {
  const path = [...above, 'name'];
  if (TEST_PART.test(given)) {
    const instead = `val_${given.replace(/^test[_/.-]?/i, '') || 'loss'}`;
    const message = `a search never reads the test part: optimise \`${instead}\`, got "${given}"`;
    issues.add(placeOf(root, path), path, message);
  }
  const name = given.replace(/^(val_)?acc$/, '$1accuracy');
  if (name !== given) warnings.push(`${path.join('.')}: \`${given}\` is spelled \`${name}\` here`);
  return name;
}

function readReduce(text: string): MetricConfig['reduce'] {
  if (text === 'last' || text === 'best') return { type: text };
  return { type: 'mean_last', k: Number(text.slice('mean_last_'.length)) };
}
