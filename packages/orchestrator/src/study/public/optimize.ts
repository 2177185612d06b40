import { StudyError } from '../study-error.ts';
import type { Target } from './metrics.ts';
import { TrialPruned } from './trial-pruned.ts';
import type {
  BestTrial,
  FinishedTrial,
  Objective,
  OptimizeOptions,
  Outcome,
  Study,
  Trial,
  TrialContext,
  TrialResult,
} from './types.ts';

/** As many first trials with one and the same error are a defect of the objective, not of its parameters. */
const SAME_ERRORS = 3;

/** What `Study.optimize` says. Lanes take trials one after the other and never reject: what ends the call is kept. */
export async function optimize<T, V>(
  study: Study<T, V>,
  target: Required<Target> | null,
  objective: Objective<T, V>,
  options: OptimizeOptions<T>,
): Promise<BestTrial<T, V> | null> {
  const { signal, onError = 'continue', onTrial } = options;
  const concurrency = whole('concurrency', options.concurrency ?? 1, 1);
  let left = options.trials === undefined ? Number.POSITIVE_INFINITY : whole('trials', options.trials, 0);
  if (left === Number.POSITIVE_INFINITY && study.remaining() === null && !signal && target === null) {
    throw new StudyError('This search never ends by itself: give optimize `trials` or a `signal`.');
  }
  signal?.throwIfAborted();

  const failures = new Failures();
  const open = new Map<number, Promise<void>>();
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
    if (target !== null && reaches(finished, target)) ended = true;
    onTrial?.(finished);
  }

  async function ending(number: number): Promise<void> {
    const running = open.get(number);
    if (running === undefined)
      throw new StudyError(`Trial ${number} was asked for outside of optimize and has to be told first.`);
    // How it ended is its own lane's concern.
    await running.catch(() => undefined);
  }

  async function runLane(): Promise<void> {
    while (!ended && left > 0 && !signal?.aborted) {
      left--;
      try {
        const awaited = study.waitsFor();
        if (awaited !== null) {
          await ending(awaited);
          left++;
          continue;
        }
        const trial = study.ask();
        if (trial === null) return;
        const running = runTrial(trial);
        open.set(trial.number, running);
        await running.finally(() => open.delete(trial.number));
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

function reaches({ value, violation }: TrialResult<unknown>, { target, goal }: Required<Target>): boolean {
  return value !== null && violation === 0 && (goal === 'minimize' ? value <= target : value >= target);
}

/** Runs one objective to its end and tells the study how that was. */
async function finish<T, V>(
  study: Study<T, V>,
  { number, params }: Trial<T>,
  objective: Objective<T, V>,
  signal: AbortSignal | undefined,
): Promise<FinishedTrial<T>> {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  let pruned: TrialPruned | null = null;
  const report: TrialContext<V>['report'] = (step, values) => {
    controller.signal.throwIfAborted();
    const { stop } = study.report(number, step, values);
    if (stop === null) return;
    pruned = new TrialPruned(stop);
    controller.abort(pruned);
    throw pruned;
  };
  try {
    const value = await objective(params, { number, signal: controller.signal, report });
    // An objective that swallows the stop is stopped all the same.
    if (pruned !== null) return study.tell(number, { state: 'pruned' });
    const told = study.tell(number, value as Outcome<V> | undefined);
    return told.state === 'failed' ? { ...told, error: notANumber(number) } : told;
  } catch (error) {
    if (pruned !== null || error instanceof TrialPruned) return study.tell(number, { state: 'pruned' });
    if (signal?.aborted) return study.tell(number, { state: 'stopped' });
    return { ...study.tell(number, { state: 'failed' }), error };
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function notANumber(number: number): StudyError {
  return new StudyError(`Trial ${number} is failed: a value of it is not a number (NaN).`);
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
