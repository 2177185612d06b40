import { StudyError } from '../study-error.ts';
import { TrialPruned } from './trial-pruned.ts';
import type {
  BestTrial,
  FinishedTrial,
  Metric,
  Objective,
  OptimizeOptions,
  Study,
  Trial,
  TrialContext,
} from './types.ts';

/** As many first trials with one and the same error are a defect of the objective, not of its parameters. */
const SAME_ERRORS = 3;

/** What `Study.optimize` says. Lanes take trials one after the other and never reject: what ends the call is kept. */
export async function optimize<T>(
  study: Study<T>,
  metric: Metric,
  objective: Objective<T>,
  options: OptimizeOptions<T>,
): Promise<BestTrial<T> | null> {
  const { signal, onError = 'continue', onTrial } = options;
  const concurrency = whole('concurrency', options.concurrency ?? 1, 1);
  let left = options.trials === undefined ? Number.POSITIVE_INFINITY : whole('trials', options.trials, 0);
  if (
    left === Number.POSITIVE_INFINITY &&
    study.remaining() === null &&
    !signal &&
    metric.target === undefined
  ) {
    throw new StudyError('This search never ends by itself: give optimize `trials` or a `signal`.');
  }
  signal?.throwIfAborted();

  const failures = new Failures();
  let ended = false;
  let fatal: { readonly error: unknown } | null = null;
  const end = (error: unknown): void => {
    ended = true;
    fatal ??= { error };
  };

  async function runTrial(trial: Trial<T>): Promise<void> {
    const finished = await finish(study, trial, objective, signal);
    const error = failures.add(finished);
    if (error !== null) end(error);
    else if (onError === 'throw' && finished.error !== undefined) end(finished.error);
    if (finished.value !== null && reaches(finished.value, metric)) ended = true;
    onTrial?.(finished);
  }

  async function runLane(): Promise<void> {
    while (!ended && left > 0 && !signal?.aborted) {
      left--;
      try {
        const trial = study.ask();
        if (trial === null) return;
        await runTrial(trial);
      } catch (error) {
        end(error);
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, left) }, runLane));
  if (fatal !== null) throw (fatal as { readonly error: unknown }).error;
  signal?.throwIfAborted();
  failures.throwIfAll();
  return study.best();
}

function whole(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new StudyError(`\`${name}\` is ${value}; it must be a whole number from ${least}.`);
}

function reaches(value: number, { target, goal = 'minimize' }: Metric): boolean {
  return target !== undefined && (goal === 'minimize' ? value <= target : value >= target);
}

/** Runs one objective to its end and tells the study how that was. */
async function finish<T>(
  study: Study<T>,
  trial: Trial<T>,
  objective: Objective<T>,
  signal: AbortSignal | undefined,
): Promise<FinishedTrial<T>> {
  const { number, params } = trial;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  let pruned: TrialPruned | null = null;
  const report: TrialContext['report'] = (step, value) => {
    controller.signal.throwIfAborted();
    const { stop } = study.report(number, step, value);
    if (stop === null) return;
    pruned = new TrialPruned(stop);
    controller.abort(pruned);
    throw pruned;
  };
  let failure: { readonly error: unknown } | null = null;
  try {
    const value = await objective(params, { number, signal: controller.signal, report });
    // An objective that swallows the stop is stopped all the same.
    if (pruned !== null) study.tell(number, { state: 'pruned' });
    else study.tell(number, value as number | undefined);
  } catch (error) {
    if (pruned !== null || error instanceof TrialPruned) study.tell(number, { state: 'pruned' });
    else if (signal?.aborted) study.tell(number, { state: 'stopped' });
    else {
      failure = { error };
      study.tell(number, { state: 'failed' });
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  const finished = study.trials()[number]!;
  if (failure !== null) return { ...finished, error: failure.error };
  if (finished.state !== 'failed') return finished;
  return {
    ...finished,
    error: new StudyError(`Trial ${number} is failed: its value is not a number (NaN).`),
  };
}

/** Tells a broken objective from parameters that do not work. */
class Failures {
  #finished = 0;
  #failed = 0;
  #message: string | null = null;
  #last: unknown;

  /** @returns the error that ends the search, where the first trials all failed alike. */
  add({ state, error }: FinishedTrial<unknown>): StudyError | null {
    this.#finished++;
    if (state !== 'failed') return null;
    const message = error instanceof Error ? error.message : String(error);
    const same = this.#failed === 0 || message === this.#message;
    this.#failed++;
    this.#message = same ? message : null;
    this.#last = error;
    if (this.#finished !== SAME_ERRORS || this.#failed !== SAME_ERRORS || !same) return null;
    return new StudyError(`The first ${SAME_ERRORS} trials failed with one error: ${message}`, {
      cause: error,
    });
  }

  throwIfAll(): void {
    if (this.#failed === 0 || this.#failed < this.#finished) return;
    const last = this.#last instanceof Error ? this.#last.message : String(this.#last);
    throw new StudyError(`All ${this.#failed} trials failed; the last one: ${last}`, { cause: this.#last });
  }
}
