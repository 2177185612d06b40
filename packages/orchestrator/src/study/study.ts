import { createSampler } from '../samplers/index.ts';
import type { CurvePoint, ObservedTrial, Sampler, SearchTask, Suggestion } from '../samplers/sampler.ts';
import { createScheduler } from '../schedulers/index.ts';
import type { Scheduler } from '../schedulers/scheduler.ts';
import { checkSpace } from '../space/check-space.ts';
import { completePoint } from '../space/points.ts';
import type { Params } from '../space/types.ts';
import { reduceReports } from './reduce-reports.ts';
import { createRng } from './rng.ts';
import { StudyError } from './study-error.ts';
import type { AskedTrial, Study, StudyOptions, StudyTrial, TellOutcome } from './types.ts';

/**
 * A sweep as pure state.
 * @throws SpaceError, SamplerOptionError or StudyError where the options make no sense.
 */
export function createPureStudy(options: StudyOptions): Study {
  return new PureStudy(options);
}

interface OpenTrial extends StudyTrial {
  state: StudyTrial['state'];
  value: number | null;
  readonly reports: Array<{ readonly step: number; readonly value: number }>;
  /** The same reports as losses. */
  readonly curve: CurvePoint[];
}

interface Best {
  readonly number: number;
  readonly value: number;
  readonly params: Params;
}

class PureStudy implements Study {
  readonly #options: StudyOptions;
  readonly #sign: 1 | -1;
  readonly #task: SearchTask;
  readonly #sampler: Sampler;
  readonly #scheduler: Scheduler | null;
  readonly #points: readonly Params[];
  readonly #trials: OpenTrial[] = [];
  /** The same trials as samplers see them. */
  readonly #history: ObservedTrial[] = [];
  #best: Best | null = null;

  constructor(options: StudyOptions) {
    const { parameters, seed, runCap, scheduler } = options;
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new StudyError(`The seed is ${seed}; it must be a whole number from 0 to 4294967295.`);
    }
    if (runCap !== null && !(Number.isInteger(runCap) && runCap >= 0)) {
      throw new StudyError(`The run cap is ${runCap}; it must be a whole number from 0, or null.`);
    }
    checkSpace(parameters);
    this.#options = options;
    this.#sign = options.metric.goal === 'maximize' ? -1 : 1;
    this.#task = {
      space: parameters,
      seed,
      objectives: 1,
      constraints: 0,
      maxStep: options.maxStep,
      runCap,
      transfer: [],
    };
    this.#sampler = createSampler(parameters, options.method, options.sampler, options.samplerPlugin);
    this.#scheduler = scheduler === null ? null : createScheduler(scheduler, options.maxStep);
    this.#points = completePoints(options, this.#sampler);
  }

  ask(): AskedTrial | null {
    const { seed, runCap } = this.#options;
    const number = this.#trials.length;
    if (runCap !== null && number >= runCap) return null;
    const point = this.#points[number];
    if (point !== undefined) return this.#open(point, 'warm start');
    const rng = createRng(seed, number, 'ask');
    const suggestion = this.#sampler.suggest({ ...this.#task, number, history: this.#history, rng });
    return suggestion === null ? null : this.#open(suggestion.params, provenance(suggestion, this.#sampler));
  }

  restore(params: Params): AskedTrial {
    return this.#open(params, 'restored');
  }

  report(number: number, step: number, value: number): { readonly stop: string | null } {
    const trial = this.#running(number);
    if (!Number.isSafeInteger(step) || step < 1) {
      throw new StudyError(`Trial ${number} reported step ${step}; steps are whole numbers from 1.`);
    }
    if (typeof value !== 'number')
      throw new StudyError(`Trial ${number} reported ${JSON.stringify(value)}; a report is a number.`);
    insertByStep(trial.reports, { step, value });
    insertByStep(trial.curve, { step, loss: this.#loss(value) });
    this.#observe(trial);
    return { stop: this.#scheduler?.onReport({ number, step, loss: this.#loss(value) }) ?? null };
  }

  tell(number: number, outcome: TellOutcome): { readonly value: number | null } {
    const trial = this.#running(number);
    if (outcome.state === 'complete') this.#complete(trial, outcome.value);
    else trial.state = outcome.state;
    this.#observe(trial);
    this.#scheduler?.onEnd(number, trial.state as Exclude<StudyTrial['state'], 'running'>);
    return { value: trial.value };
  }

  hasReports(number: number): boolean {
    return this.#known(number).reports.length > 0;
  }

  best(): Best | null {
    return this.#best;
  }

  trials(): readonly StudyTrial[] {
    return this.#trials;
  }

  remaining(): number | null {
    const { runCap } = this.#options;
    const asked = this.#trials.length;
    const capped = runCap === null ? Number.POSITIVE_INFINITY : Math.max(0, runCap - asked);
    const pending = this.#points.slice(asked);
    const left = this.#sampler.left?.(this.#history, pending) ?? Number.POSITIVE_INFINITY;
    const remaining = Math.min(capped, pending.length + left);
    return Number.isFinite(remaining) ? remaining : null;
  }

  #open(given: Params, sampler: string): AskedTrial {
    const number = this.#trials.length;
    const params = Object.freeze({ ...given });
    const trial: OpenTrial = { number, params, state: 'running', value: null, reports: [], curve: [] };
    this.#trials.push(trial);
    this.#observe(trial);
    return { number, params, sampler };
  }

  /** A metric that is not a number makes the trial a failure, however it ended. */
  #complete(trial: OpenTrial, given: number | undefined): void {
    if (given === undefined && trial.reports.length === 0) {
      throw new StudyError(`Trial ${trial.number} has neither a value nor a report to take one from.`);
    }
    if (given !== undefined && typeof given !== 'number') {
      throw new StudyError(`Trial ${trial.number} was told ${JSON.stringify(given)}; its value is a number.`);
    }
    const value = given ?? reduceReports(trial.reports, this.#options.metric);
    if (Number.isNaN(value)) {
      trial.state = 'failed';
      return;
    }
    trial.state = 'complete';
    trial.value = value;
    const { number, params } = trial;
    const better = this.#best === null || this.#loss(value) < this.#loss(this.#best.value);
    // Of equals the earliest is the best, whichever was told first.
    const equal = this.#best !== null && value === this.#best.value && number < this.#best.number;
    if (better || equal) this.#best = { number, value, params };
  }

  #observe({ number, params, state, value, curve }: OpenTrial): void {
    const last = curve.at(-1);
    const isComplete = state === 'complete';
    let loss: number | null = null;
    if (isComplete) loss = this.#loss(value!);
    else if (state === 'pruned' && last !== undefined) loss = last.loss;
    const losses = isComplete ? [loss!] : null;
    const violations = isComplete ? [] : null;
    this.#history[number] = { number, params, state, loss, losses, violations, curve, step: last?.step ?? 0 };
  }

  #loss(value: number): number {
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : this.#sign * value;
  }

  #known(number: number): OpenTrial {
    const trial = this.#trials[number];
    if (trial === undefined)
      throw new StudyError(`There is no trial ${number}; ${this.#trials.length} have been asked for.`);
    return trial;
  }

  #running(number: number): OpenTrial {
    const trial = this.#known(number);
    if (trial.state !== 'running') throw new StudyError(`Trial ${number} is over: it is ${trial.state}.`);
    return trial;
  }
}

/** At once, so that a point that does not fit is refused before anything runs. */
function completePoints({ points, parameters, seed }: StudyOptions, sampler: Sampler): Params[] {
  const complete: Params[] = [];
  for (const [index, point] of points.entries()) {
    complete.push(
      sampler.complete?.(point, complete) ??
        completePoint(parameters, point, createRng(seed, index, 'warm start')),
    );
  }
  return complete;
}

/** Keeps the steps ascending; nearly always at the end. */
function insertByStep<T extends { readonly step: number }>(points: T[], point: T): void {
  let at = points.length;
  while (at > 0 && points[at - 1]!.step >= point.step) at--;
  const replaces = points[at]?.step === point.step ? 1 : 0;
  points.splice(at, replaces, point);
}

/** `auto: gp (box around trial 12)`: who chose the parameters and, where that is worth a word, why. */
function provenance({ sampler, why }: Suggestion, { name }: Sampler): string {
  return why === undefined ? (sampler ?? name) : `${sampler ?? name} (${why})`;
}
