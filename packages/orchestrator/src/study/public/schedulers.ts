import type { SchedulerConfig } from '../../config/sweep-config.ts';
import { StudyError } from '../study-error.ts';

type Stated = 'type' | 'percentile' | 'patience';

type Loose<S> = S extends SchedulerConfig
  ? Pick<S, Extract<keyof S, Stated>> & Partial<Omit<S, Stated | 'wraps' | 'mode'>> & WrapsOf<S>
  : never;

type WrapsOf<S> = 'wraps' extends keyof S ? { readonly wraps?: Scheduling | null } : unknown;

/** What ends trials that do badly. All but the type, a `percentile` and a `patience` may be left out. */
export type Scheduling = Loose<SchedulerConfig>;

const ETA = 3;
const STARTUP_TRIALS = 5;

/**
 * The scheduler with the defaults of a sweep file.
 * @param maxStep steps of a whole trial; null: unknown.
 * @throws StudyError for one that a function can't be put under, or that does not exist.
 */
export function readScheduling(given: Scheduling, maxStep: number | null): SchedulerConfig {
  switch (given.type) {
    case 'asha': {
      if ('mode' in given && given.mode === 'promotion') {
        throw new StudyError(
          'An objective that is a function can not be paused and taken up again: leave out `mode: promotion`.',
        );
      }
      return {
        type: 'asha',
        minIter: given.minIter ?? 1,
        maxIter: given.maxIter ?? maxStep,
        eta: given.eta ?? ETA,
      };
    }
    case 'hyperband': {
      const { s = null, strict = false, eta = ETA, brackets } = given;
      const maxIter = given.maxIter ?? maxStep;
      const minIter = given.minIter ?? firstRung(s, maxIter, eta);
      const config = { type: 'hyperband', minIter, maxIter, eta, s, strict } as const;
      return brackets === true ? { ...config, brackets } : config;
    }
    case 'median':
      return { startupTrials: STARTUP_TRIALS, warmupSteps: 1, ...given };
    case 'percentile':
      return {
        startupTrials: STARTUP_TRIALS,
        warmupSteps: 1,
        intervalSteps: 1,
        minTrials: 1,
        ...given,
      };
    case 'patience': {
      const wraps = given.wraps ?? null;
      return { minDelta: 0, ...given, wraps: wraps === null ? null : readScheduling(wraps, maxStep) };
    }
    case 'threshold':
      return { lower: null, upper: null, warmupSteps: 1, intervalSteps: 1, ...given };
    case 'wilcoxon':
      return { pThreshold: 0.1, startupSteps: 2, ...given };
    default: {
      const { type } = given satisfies never as { readonly type: unknown };
      throw new StudyError(`There is no scheduler ${JSON.stringify(type)}.`);
    }
  }
}

/** W&B's `s` counts rungs down from the last step. */
function firstRung(s: number | null, maxIter: number | null, eta: number): number {
  return s === null || maxIter === null ? 1 : Math.max(1, Math.floor(maxIter / eta ** s));
}
