import { activeParameters } from '../../space/conditions.ts';
import { checkPoint, misfit } from '../../space/points.ts';
import type { Params, Space } from '../../space/types.ts';
import { StudyError } from '../study-error.ts';
import type { MetricValues, Study as PureStudy, StudyTrial, TellOutcome } from '../types.ts';
import type { Target } from './metrics.ts';
import { optimize } from './optimize.ts';
import type {
  BestTrial,
  Objective,
  OptimizeOptions,
  Outcome,
  Reported,
  Study,
  Trial,
  TrialResult,
} from './types.ts';

/**
 * The study behind its types. That they hold is vouched for by the space, which was made of the declarations that `T`
 * is derived from, and by the metrics that `V` is.
 */
export class TypedStudy<T, V> implements Study<T, V> {
  readonly #pure: PureStudy;
  readonly #space: Space;
  readonly #target: Required<Target> | null;

  constructor(pure: PureStudy, space: Space, target: Required<Target> | null) {
    this.#pure = pure;
    this.#space = space;
    this.#target = target;
  }

  ask(): Trial<T> | null {
    return this.#pure.ask() as Trial<T> | null;
  }

  report(number: number, step: number, values: Reported<V>): { readonly stop: string | null } {
    return this.#pure.report(number, step, values as MetricValues);
  }

  tell(number: number, outcome?: Outcome<V>): TrialResult<T> {
    return result(this.#pure.tell(number, readOutcome(outcome)));
  }

  add(params: T, outcome: Outcome<V>): TrialResult<T> {
    const told = readOutcome(outcome);
    const { number } = this.#pure.restore(wholePoint(this.#space, { ...params } as Params));
    return result(this.#pure.tell(number, told));
  }

  best(): BestTrial<T, V> | null {
    return this.#pure.best() as BestTrial<T, V> | null;
  }

  front(): readonly BestTrial<T, V>[] {
    return this.#pure.front() as readonly BestTrial<T, V>[];
  }

  trials(): readonly TrialResult<T>[] {
    return this.#pure.trials().map((trial) => result<T>(trial));
  }

  remaining(): number | null {
    return this.#pure.remaining();
  }

  waitsFor(): number | null {
    return this.#pure.waitsFor();
  }

  optimize(objective: Objective<T, V>, options: OptimizeOptions<T> = {}): Promise<BestTrial<T, V> | null> {
    return optimize(this, this.#target, objective, options);
  }
}

/** A copy: what the study goes on writing to is its own. */
function result<T>(trial: StudyTrial): TrialResult<T> {
  const { number, params, state, value, values, violation, reports } = trial;
  return { number, params: params as T, state, value, values, violation, reports: [...reports] };
}

const STATES: readonly unknown[] = [
  'complete',
  'pruned',
  'failed',
  'stopped',
] satisfies TellOutcome['state'][];

function readOutcome(outcome: unknown): TellOutcome {
  if (outcome === undefined) return { state: 'complete' };
  // What is no number is the study's to refuse.
  if (typeof outcome !== 'object' || outcome === null) return { state: 'complete', value: outcome as number };
  // A metric may be called `state`, but its value is a number.
  const { state } = outcome as { readonly state?: unknown };
  if (typeof state !== 'string') return { state: 'complete', values: outcome as Record<string, number> };
  if (STATES.includes(state)) return outcome as TellOutcome;
  throw new StudyError(`A trial can't be told to be \`${state}\`: complete, pruned, failed or stopped.`);
}

/** @throws SpaceError or StudyError for a point that no trial could have. */
function wholePoint(space: Space, point: Params): Params {
  checkPoint(space, point);
  const names = activeParameters(space, point).map(({ name }) => name);
  if (Object.keys(point).some((name) => !names.includes(name))) throw misfit(space, point);
  const missing = names.find((name) => !Object.hasOwn(point, name));
  if (missing === undefined) return point;
  throw new StudyError(`A known result needs all parameters; \`${missing}\` is missing.`);
}
