import type { MetricConfig } from '../../config/sweep-config.ts';
import { StudyError } from '../study-error.ts';
import type { ConstraintOptions, ObjectiveOptions, StudyOptions as PureStudyOptions } from '../types.ts';

/** A metric that is optimised. */
export interface Metric {
  /** @default 'minimize' */
  readonly goal?: 'minimize' | 'maximize';
  /** How a trial's reports become its value, where the objective returns none. @default {type: 'last'} */
  readonly reduce?: MetricConfig['reduce'];
  /** `optimize` ends when a feasible complete trial reaches it; of the first metric alone. */
  readonly target?: number;
}

/** A metric that has to keep within bounds, one of them at least, and is not optimised. */
export interface Constraint {
  readonly min?: number;
  readonly max?: number;
  readonly reduce?: ConstraintOptions['reduce'];
}

/** By name; the first one that is optimised is what schedulers judge. */
export type Metrics = Readonly<Record<string, Metric | Constraint>>;

/** What an objective returns: a number, or with `metrics` one for each name. */
export type ValuesOf<M> = M extends Metrics ? { readonly [K in keyof M]: number } : number;

export type MetricPart = Pick<PureStudyOptions, 'metric' | 'otherMetrics'>;

/** @throws StudyError where nothing is optimised. */
export function readMetrics(metric: Metric | undefined, metrics: Metrics | undefined): MetricPart {
  if (metrics === undefined) return { metric: readObjective(metric ?? {}) };
  if (metric !== undefined) throw new StudyError('Give createStudy `metric` or `metrics`, not both.');
  const first = Object.entries(metrics).find(([, one]) => !isConstraint(one));
  if (first === undefined)
    throw new StudyError('`metrics` optimises nothing: one of them must be without `min` and `max`.');
  const [name, primary] = first as [string, Metric];
  const others = Object.entries(metrics).filter(([other]) => other !== name);
  return {
    metric: { name, ...readObjective(primary) },
    otherMetrics: others.map(([other, one]) =>
      isConstraint(one) ? readConstraint(other, one) : { name: other, ...readObjective(one) },
    ),
  };
}

/** The target of the metric that comes first. */
export function targetOf(metric: Metric | undefined, metrics: Metrics | undefined): Required<Target> | null {
  const first = metric ?? Object.values(metrics ?? {}).find((one): one is Metric => !isConstraint(one));
  return first?.target === undefined ? null : { target: first.target, goal: first.goal ?? 'minimize' };
}

export type Target = Pick<Metric, 'target' | 'goal'>;

function isConstraint(one: Metric | Constraint): one is Constraint {
  return 'min' in one || 'max' in one;
}

function readObjective({
  goal = 'minimize',
  reduce = { type: 'last' },
}: Metric): Omit<ObjectiveOptions, 'name'> {
  if (goal !== 'minimize' && goal !== 'maximize')
    throw new StudyError(`The goal is ${JSON.stringify(goal)}; it must be 'minimize' or 'maximize'.`);
  return { goal, reduce };
}

function readConstraint(name: string, { min, max, reduce }: Constraint): ConstraintOptions {
  return { name, min: min ?? null, max: max ?? null, reduce: reduce ?? { type: 'last' } };
}
