import type { LoadedBackend } from '../backends/load-backend.ts';
import { withSeededRandom } from '../data/seeded-random.ts';
import { type Metrics, readMetrics } from '../reports/read-metrics.ts';
import { TrialStopped } from '../trainers/trial-stopped.ts';
import type { FromRunner, RunOrder } from './messages.ts';
import { TensorScope } from './tensor-scope.ts';
import { createTrainContext } from './train-context.ts';
import type { ReadyTrainer, TrainerLibrary } from './trainer-library.ts';
import { describeFailure } from './trial-failure.ts';

/** What an attempt needs of the world around it. */
export interface AttemptHost {
  /** Hands a report on. @returns why the trial has to end, or null */
  report(step: number, values: Metrics): Promise<string | null>;
  /** A checkpoint is complete on disk; `path` is relative to the artifacts folder. */
  checkpoint(step: number, path: string): void;
  log(line: string): void;
}

export type AttemptOutcome =
  | { readonly kind: 'complete'; readonly values: Metrics }
  | Exclude<Extract<FromRunner, { type: 'finished' }>['outcome'], { kind: 'complete' }>;

/** One run of one trial, from its order to its outcome. */
export class Attempt {
  readonly order: RunOrder;
  readonly #backend: LoadedBackend;
  readonly #library: TrainerLibrary;
  readonly #host: AttemptHost;
  readonly #stop = new AbortController();
  readonly #crash: { promise: Promise<never>; reject: (error: unknown) => void };
  #over = false;

  constructor(order: RunOrder, backend: LoadedBackend, library: TrainerLibrary, host: AttemptHost) {
    this.order = order;
    this.#backend = backend;
    this.#library = library;
    this.#host = host;
    this.#crash = rejectable();
  }

  /** The trial has to end: `report` throws, `signal` aborts. */
  stop(reason: string): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(new TrialStopped(reason));
  }

  /** An error that nobody caught, from a timer or a promise that the trainer forgot: the attempt ends with it. */
  crash(error: unknown): void {
    this.#crash.reject(error);
  }

  /** Never rejects. */
  async run(): Promise<AttemptOutcome> {
    try {
      const values = await Promise.race([this.#execute(), this.#crash.promise]);
      return this.#stop.signal.aborted ? { kind: 'stopped' } : { kind: 'complete', values };
    } catch (error) {
      // After a stop, whatever the trainer throws is a consequence of it.
      if (this.#stop.signal.aborted) return { kind: 'stopped' };
      return { kind: 'failed', error: describeFailure(error, this.order.rootDir) };
    } finally {
      this.#over = true;
    }
  }

  async #execute(): Promise<Metrics> {
    const ready = await this.#library.prepare(this.order);
    if (this.#stop.signal.aborted) return {};
    const scope = TensorScope.open(this.#backend.tf);
    try {
      return await withSeededRandom(this.order.job.seed, () => this.#train(ready, scope));
    } finally {
      scope.close();
    }
  }

  async #train(ready: ReadyTrainer, scope: TensorScope): Promise<Metrics> {
    const context = createTrainContext({
      order: this.order,
      ready,
      tf: this.#backend.tf,
      signal: this.#stop.signal,
      log: (line) => this.#host.log(line),
      checkpointSaved: (step, path) => this.#host.checkpoint(step, path),
      report: async (step, values) => {
        scope.compact();
        await this.#report(step, values);
      },
    });
    const returned = await ready.trainer.train(context);
    return returned === undefined || returned === null
      ? {}
      : readMetrics(returned, 'the value that train() returned');
  }

  async #report(step: number, values: Metrics): Promise<void> {
    this.#stop.signal.throwIfAborted();
    if (this.#over) throw new TrialStopped('its run is over');
    // A stop that is pushed counts at once: the answer to the report may be long in coming.
    const reason = await Promise.race([this.#host.report(step, values), aborted(this.#stop.signal)]);
    if (reason !== null) this.stop(reason);
    this.#stop.signal.throwIfAborted();
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

function rejectable(): { promise: Promise<never>; reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  // Only a race listens to it, and only while the attempt runs.
  promise.catch(() => {});
  return { promise, reject };
}
