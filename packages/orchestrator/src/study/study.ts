import { createSampler } from '../samplers/index.ts';
import type { ObservedTrial, Sampler, SearchTask, Suggestion } from '../samplers/sampler.ts';
import { createScheduler } from '../schedulers/index.ts';
import type { Scheduler } from '../schedulers/scheduler.ts';
import { checkSpace } from '../space/check-space.ts';
import { pinned } from '../space/fixed-parameters.ts';
import { completePoint } from '../space/points.ts';
import type { Params } from '../space/types.ts';
import { FixedValues } from './fixed-values.ts';
import { OrderedHistory, OrderedScheduler } from './ordered-mode.ts';
import { createRng } from './rng.ts';
import { Standing } from './standing.ts';
import { StudyError } from './study-error.ts';
import { StudyMetrics } from './study-metrics.ts';
import { createTerminator } from './terminators/index.ts';
import type { Terminator } from './terminators/terminator.ts';
import { TrialRecord } from './trial-record.ts';
import type {
  AskedTrial,
  BestTrial,
  MetricValues,
  Study,
  StudyOptions,
  StudyTrial,
  TellOutcome,
} from './types.ts';
import { completePoints } from './warm-start-points.ts';

/**
 * A sweep as pure state.
 * @throws SpaceError, SamplerOptionError or StudyError where the options make no sense.
 */
export function createPureStudy(options: StudyOptions): Study {
  return new PureStudy(options);
}

class PureStudy implements Study {
  readonly #options: StudyOptions;
  readonly #fixed: FixedValues;
  readonly #metrics: StudyMetrics;
  readonly #task: SearchTask;
  readonly #sampler: Sampler;
  readonly #scheduler: Scheduler | null;
  /** Index of the metric that the scheduler judges. */
  readonly #judged: number;
  /** null: no order, trials are seen as they are now. */
  readonly #ordered: { readonly lag: number; readonly history: OrderedHistory } | null;
  readonly #judges: OrderedScheduler | null;
  readonly #terminator: Terminator | null;
  readonly #points: readonly Params[];
  readonly #trials: TrialRecord[] = [];
  /** The same trials as samplers see them. */
  readonly #history: ObservedTrial[] = [];
  /** Trials that the user chose, and not this study. */
  #chosen = 0;
  /** Trials below this number are finished. */
  #finished = 0;
  /** Ordered mode: the terminator has heard of trials below this number. */
  #heard = 0;
  #running = 0;
  #hasComplete = false;
  readonly #standing = new Standing(this.#trials);

  constructor(options: StudyOptions) {
    const { parameters, seed, runCap, scheduler, maxStep, transfer = [], fixed = {}, lag = null } = options;
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new StudyError(`The seed is ${seed}; it must be a whole number from 0 to 4294967295.`);
    }
    if (runCap !== null && !(Number.isInteger(runCap) && runCap >= 0)) {
      throw new StudyError(`The run cap is ${runCap}; it must be a whole number from 0, or null.`);
    }
    if (lag !== null && !(Number.isSafeInteger(lag) && lag >= 1)) {
      throw new StudyError(`The lag is ${lag}; it must be a whole number from 1, or null.`);
    }
    checkSpace(parameters);
    this.#fixed = new FixedValues(parameters, fixed, seed);
    this.#options = options;
    this.#metrics = new StudyMetrics(options);
    const { objectives, constraints } = this.#metrics;
    this.#task = { space: parameters, seed, objectives, constraints, maxStep, runCap, transfer };
    const isPinned = options.method === 'grid' && !this.#fixed.isEmpty;
    const space = isPinned ? pinned(parameters, fixed) : parameters;
    const { method, sampler, samplerPlugin } = options;
    this.#sampler = createSampler(space, method, sampler, samplerPlugin);
    const whole = isPinned ? createSampler(parameters, method, sampler, samplerPlugin) : this.#sampler;
    this.#points = completePoints(options, whole);
    this.#terminator = createTerminator(options);
    this.#ordered = lag === null ? null : { lag, history: new OrderedHistory() };
    this.#judged = this.#metrics.objective(scheduler?.metric);
    const goal = this.#metrics.goal(this.#judged);
    const judge = scheduler === null ? null : (): Scheduler => createScheduler(scheduler, maxStep, goal);
    this.#scheduler = lag === null ? (judge?.() ?? null) : null;
    this.#judges =
      lag === null || judge === null ? null : new OrderedScheduler(lag, judge, this.#trials, this.#judged);
    if (lag !== null && judge?.().promotion !== undefined)
      throw new StudyError('In ordered mode no trial pauses: promotion follows from timing. Let asha stop.');
  }

  get metrics(): readonly string[] {
    return this.#metrics.names;
  }

  ask(): AskedTrial | null {
    const promoted = this.#scheduler?.promotion?.next(false) ?? null;
    if (promoted !== null) return this.resume(promoted);
    const asked = this.#askNew();
    if (asked !== null || this.#running > 0 || this.#hasComplete) return asked;
    const best = this.#scheduler?.promotion?.next(true) ?? null;
    return best === null ? null : this.resume(best);
  }

  #askNew(): AskedTrial | null {
    const { seed, runCap } = this.#options;
    const number = this.#trials.length;
    if (runCap !== null && number >= runCap) return null;
    this.#checkOrder(number);
    if (this.#ordered !== null && this.enough() !== null) return null;
    const point = this.#points[number - this.#chosen];
    if (point !== undefined) return this.#start(this.#fixed.into(point, number), 'warm start');
    const rng = createRng(seed, number, 'ask');
    const suggestion = this.#sampler.suggest({ ...this.#task, number, history: this.#seen(number), rng });
    if (suggestion === null) return null;
    const params = this.#fixed.intoNew(suggestion.params, this.#trials);
    return this.#start(params, provenance(suggestion, this.#sampler));
  }

  waitsFor(): number | null {
    const { runCap } = this.#options;
    const number = this.#trials.length;
    if (this.#ordered === null || (runCap !== null && number >= runCap)) return null;
    while (this.#finished < number && this.#trials[this.#finished]!.state !== 'running') this.#finished++;
    return this.#finished <= number - this.#ordered.lag ? this.#finished : null;
  }

  enqueue(point: Params): AskedTrial {
    const number = this.#trials.length;
    this.#checkOrder(number);
    const { parameters, seed } = this.#options;
    const whole = completePoint(parameters, point, createRng(seed, number, 'enqueue'));
    this.#chosen += 1;
    return this.#start(this.#fixed.around(point, whole, number), 'chosen by hand');
  }

  restore(params: Params, chosen = false): AskedTrial {
    if (chosen) this.#chosen += 1;
    return this.#start(params, 'restored');
  }

  #checkOrder(number: number): void {
    const awaited = this.waitsFor();
    if (awaited === null) return;
    throw new StudyError(
      `Trial ${number} is asked for once trial ${awaited} is finished, for the sake of order.`,
    );
  }

  report(number: number, step: number, values: MetricValues): { readonly stop: string | null } {
    const trial = this.#open(number);
    if (!Number.isSafeInteger(step) || step < 1) {
      throw new StudyError(`Trial ${number} reported step ${step}; steps are whole numbers from 1.`);
    }
    const given = this.#metrics.read(number, values);
    for (const [metric, value] of given.entries()) if (value !== undefined) trial.report(metric, step, value);
    this.#observe(trial);
    const judged = given[this.#judged];
    if (judged === undefined) return { stop: null };
    const loss = this.#metrics.loss(this.#judged, judged);
    return { stop: this.#schedulerOf(number)?.onReport({ number, step, loss }) ?? null };
  }

  pauseAt(number: number): number | null {
    this.#known(number);
    return this.#scheduler?.promotion?.goal(number) ?? null;
  }

  isAtPause(number: number): boolean {
    const step = this.pauseAt(number);
    const { maxStep } = this.#options;
    const last = this.#known(number).curveOf(this.#judged).at(-1);
    // Whoever trained on to the very end is complete.
    if (step === null || last === undefined || last.step >= (maxStep ?? Number.POSITIVE_INFINITY))
      return false;
    return last.step >= step;
  }

  pause(number: number): void {
    const trial = this.#open(number);
    if (!this.isAtPause(number)) {
      const step = this.pauseAt(number);
      const where = step === null ? 'none of this study pauses' : `it has not reached step ${step}`;
      throw new StudyError(`Trial ${number} can't pause: ${where}.`);
    }
    trial.pause();
    this.#running -= 1;
    this.#scheduler!.promotion!.pause(number);
    this.#observe(trial);
  }

  resume(number: number): AskedTrial {
    const trial = this.#known(number);
    if (trial.state !== 'paused')
      throw new StudyError(`Trial ${number} can't go on: it is ${trial.state}, not paused.`);
    trial.state = 'running';
    this.#running += 1;
    this.#scheduler!.promotion!.resume(number);
    this.#observe(trial);
    return { ...this.#asked(trial, 'promoted'), resumes: true };
  }

  tell(number: number, outcome: TellOutcome): StudyTrial {
    const trial = this.#unfinished(number, outcome.state);
    const wasRunning = trial.state === 'running';
    if (outcome.state === 'complete') this.#complete(trial, outcome);
    else trial.state = outcome.state;
    if (wasRunning) this.#running -= 1;
    if (trial.state === 'complete') this.#hasComplete = true;
    this.#observe(trial);
    const loss = trial.lossOf(this.#judged) ?? undefined;
    this.#schedulerOf(number)?.onEnd(
      number,
      trial.state as Exclude<StudyTrial['state'], 'running' | 'paused'>,
      loss,
    );
    if (this.#ordered === null) this.#terminator?.onEnd(this.#history[number]!);
    return trial;
  }

  unreported(number: number): readonly string[] {
    const trial = this.#known(number);
    return this.#metrics.names.filter((_, metric) => !trial.hasReported(metric));
  }

  best(): BestTrial | null {
    return this.#standing.best();
  }

  front(): readonly BestTrial[] {
    return this.#standing.front();
  }

  trials(): readonly StudyTrial[] {
    return this.#trials;
  }

  remaining(): number | null {
    const { runCap } = this.#options;
    const asked = this.#trials.length;
    const capped = runCap === null ? Number.POSITIVE_INFINITY : Math.max(0, runCap - asked);
    const pending = this.#points
      .slice(asked - this.#chosen)
      .map((point, i) => this.#fixed.into(point, asked + i));
    const left = this.#sampler.left?.(this.#history, pending) ?? Number.POSITIVE_INFINITY;
    const remaining = Math.min(capped, pending.length + left);
    return Number.isFinite(remaining) ? remaining : null;
  }

  enough(): string | null {
    if (this.#ordered !== null) this.#tellTerminatorInOrder(this.#ordered.lag);
    return this.#terminator?.reason() ?? null;
  }

  /** Of those trials alone from which the next one follows: so it is no matter of timing after which one it ends. */
  #tellTerminatorInOrder(lag: number): void {
    const end = this.#trials.length - lag;
    for (; this.#heard <= end && this.#trials[this.#heard]!.state !== 'running'; this.#heard++)
      this.#terminator?.onEnd(this.#history[this.#heard]!);
  }

  #start(params: Params, sampler: string): AskedTrial {
    const number = this.#trials.length;
    const trial = new TrialRecord(number, params, this.#metrics);
    this.#trials.push(trial);
    this.#running += 1;
    this.#observe(trial);
    this.#ordered?.history.open(trial);
    this.#judges?.open(number);
    return this.#asked(trial, sampler);
  }

  #asked({ number, params }: TrialRecord, sampler: string): AskedTrial {
    const pauseAt = this.pauseAt(number);
    // What is given away is not what is kept: nobody outside changes the history.
    return {
      number,
      params: Object.freeze({ ...params }),
      sampler,
      ...(pauseAt === null ? {} : { pauseAt }),
    };
  }

  #complete(trial: TrialRecord, { value, values }: Extract<TellOutcome, { state: 'complete' }>): void {
    const given = this.#metrics.read(trial.number, values);
    if (value !== undefined) [given[0]] = this.#metrics.read(trial.number, value);
    const missing = this.#metrics.names.filter(
      (_, metric) => given[metric] === undefined && !trial.hasReported(metric),
    );
    if (missing.length > 0) {
      const which = this.#metrics.names.length === 1 ? '' : ` of ${missing.join(', ')}`;
      throw new StudyError(
        `Trial ${trial.number} has neither a value nor a report${which} to take one from.`,
      );
    }
    trial.complete(given);
    this.#standing.add(trial);
  }

  #observe(trial: TrialRecord): void {
    this.#history[trial.number] = trial.observe();
  }

  #seen(number: number): readonly ObservedTrial[] {
    if (this.#ordered === null) return this.#history;
    return this.#ordered.history.show(this.#history, number - this.#ordered.lag + 1);
  }

  #schedulerOf(number: number): Scheduler | null {
    return this.#judges === null ? this.#scheduler : this.#judges.of(number);
  }

  #known(number: number): TrialRecord {
    const trial = this.#trials[number];
    if (trial === undefined)
      throw new StudyError(`There is no trial ${number}; ${this.#trials.length} have been asked for.`);
    return trial;
  }

  #open(number: number): TrialRecord {
    return this.#unfinished(number, 'running');
  }

  /** A paused trial may be given up, and nothing else. */
  #unfinished(number: number, next: StudyTrial['state']): TrialRecord {
    const trial = this.#known(number);
    if (trial.state === 'running') return trial;
    if (trial.state !== 'paused') throw new StudyError(`Trial ${number} is over: it is ${trial.state}.`);
    if (next === 'pruned' || next === 'stopped') return trial;
    throw new StudyError(`Trial ${number} is paused; it goes on when an ask brings it again.`);
  }
}

/** `auto: gp (box around trial 12)`: who chose the parameters and, where that is worth a word, why. */
function provenance({ sampler, why }: Suggestion, { name }: Sampler): string {
  return why === undefined ? (sampler ?? name) : `${sampler ?? name} (${why})`;
}
