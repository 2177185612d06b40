import { didYouMean } from '../config/nearest.ts';
import { reduceReports } from './reduce-reports.ts';
import { StudyError } from './study-error.ts';
import type { ConstraintOptions, MetricValues, ObjectiveOptions, StudyOptions } from './types.ts';

export type Metric = ObjectiveOptions | ConstraintOptions;
export type Report = { readonly step: number; readonly value: number };

/** Of what a single metric is called where nobody named it. */
const UNNAMED = 'value';

/** The metrics of a study by index: the first objective is 0, the others follow as they were given. */
export class StudyMetrics {
  readonly all: readonly Metric[];
  readonly names: readonly string[];
  readonly objectives: number;
  readonly constraints: number;

  /** @throws StudyError for two metrics of one name and for a constraint without bounds. */
  constructor({ metric, otherMetrics = [] }: Pick<StudyOptions, 'metric' | 'otherMetrics'>) {
    this.all = [{ ...metric, name: metric.name ?? UNNAMED }, ...otherMetrics];
    this.names = this.all.map(({ name }) => name);
    const twice = this.names.find((name, i) => this.names.indexOf(name) < i);
    if (twice !== undefined) throw new StudyError(`Two metrics are called \`${twice}\`.`);
    const bounded = this.all.filter((one): one is ConstraintOptions => !isObjective(one));
    for (const constraint of bounded) checkBounds(constraint);
    this.constraints = bounded.length;
    this.objectives = this.all.length - bounded.length;
  }

  /** Index of an objective by its name; left out: the first. @throws StudyError where there is none of that name. */
  objective(name: string | undefined): number {
    if (name === undefined) return 0;
    const index = this.all.findIndex((metric) => metric.name === name && isObjective(metric));
    if (index === -1) throw new StudyError(`No metric that is optimised is called \`${name}\`.`);
    return index;
  }

  goal(objective: number): ObjectiveOptions['goal'] {
    const metric = this.all[objective]!;
    return isObjective(metric) ? metric.goal : 'minimize';
  }

  /** By index; undefined where nothing was given. */
  read(trial: number, given: MetricValues | undefined): Array<number | undefined> {
    if (given === undefined) return [];
    if (typeof given !== 'object' || given === null) {
      if (typeof given === 'number') return [given];
      throw new StudyError(
        `Trial ${trial} has ${JSON.stringify(given)} for its metric; it must be a number.`,
      );
    }
    for (const [name, value] of Object.entries(given)) {
      if (!this.names.includes(name)) {
        const hint = didYouMean(name, this.names) || `; there are ${this.names.join(', ')}`;
        throw new StudyError(`The study has no metric \`${name}\`${hint}`);
      }
      if (typeof value !== 'number') {
        throw new StudyError(`Trial ${trial} has ${JSON.stringify(value)} for ${name}; it must be a number.`);
      }
    }
    return this.names.map((name) => (Object.hasOwn(given, name) ? given[name] : undefined));
  }

  /** What the reports of one metric come to; NaN without any. */
  reduce(index: number, reports: readonly Report[]): number {
    const metric = this.all[index]!;
    return reduceReports(reports, metric.reduce, isObjective(metric) ? metric.goal : 'minimize');
  }

  byName(values: readonly number[]): Record<string, number> {
    return Object.fromEntries(this.names.map((name, i) => [name, values[i]!]));
  }

  /** Lower is better; Infinity for NaN. */
  loss(index: number, value: number): number {
    const metric = this.all[index]!;
    if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
    return isObjective(metric) && metric.goal === 'maximize' ? -value : value;
  }

  /** One per objective. */
  losses(values: readonly number[]): number[] {
    return values.flatMap((value, i) => (isObjective(this.all[i]!) ? [this.loss(i, value)] : []));
  }

  /** One per constraint: above 0 where it is violated. */
  violations(values: readonly number[]): number[] {
    return values.flatMap((value, i) => {
      const metric = this.all[i]!;
      return isObjective(metric) ? [] : [violationOf(metric, value)];
    });
  }
}

function isObjective(metric: Metric): metric is ObjectiveOptions {
  return 'goal' in metric;
}

function checkBounds({ name, min, max }: ConstraintOptions): void {
  if (min === null && max === null)
    throw new StudyError(`The constraint \`${name}\` has neither min nor max.`);
  if (min !== null && max !== null && min > max) {
    throw new StudyError(`The constraint \`${name}\` has a min of ${min}, more than its max of ${max}.`);
  }
}

/** How far a value lies beyond the bound that it is nearest to breaking; below 0 inside. */
function violationOf({ min, max }: ConstraintOptions, value: number): number {
  return Math.max(
    max === null ? Number.NEGATIVE_INFINITY : value - max,
    min === null ? Number.NEGATIVE_INFINITY : min - value,
  );
}
