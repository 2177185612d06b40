import type { LoadedBackend } from '../backends/load-backend.ts';
import { encodeMetrics } from '../reports/encode-metrics.ts';
import type { Metrics } from '../reports/read-metrics.ts';
import { Attempt, type AttemptOutcome } from './attempt.ts';
import type { FromRunner, RunOrder, ToRunner } from './messages.ts';
import { TrainerLibrary } from './trainer-library.ts';

/** The process that the runner lives in. */
export interface RunnerHost {
  send(message: FromRunner): Promise<void>;
  exit(): void;
  log(line: string): void;
}

/** Carries out the agent's orders, one attempt at a time, and answers on the channel. */
export class Runner {
  readonly #backend: LoadedBackend;
  readonly #library: TrainerLibrary;
  readonly #host: RunnerHost;
  readonly #replies = new Map<number, (stop: string | null) => void>();
  #attempt: Attempt | null = null;
  #lastId = 0;
  /** An attempt ended by an uncaught error may still have code running: no other trial may share the process with it. */
  #tainted = false;

  constructor(backend: LoadedBackend, host: RunnerHost) {
    this.#backend = backend;
    this.#library = new TrainerLibrary(backend.tf);
    this.#host = host;
  }

  receive(message: ToRunner): void {
    switch (message.type) {
      case 'run':
        void this.#run(message.order);
        return;
      case 'stop':
        if (this.#attempt?.order.runId === message.runId) this.#attempt.stop(message.reason);
        return;
      case 'reported':
        this.#replies.get(message.id)?.(message.stop);
        this.#replies.delete(message.id);
        return;
      case 'exit':
        this.#host.exit();
        return;
    }
  }

  /** An error that reached the process. Between attempts it is what a trial left behind: that trial has its outcome. */
  crash(error: unknown): void {
    if (this.#attempt === null) {
      this.#host.log(
        `After its end, a trial caused: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return;
    }
    this.#tainted = true;
    this.#attempt.crash(error);
  }

  async #run(order: RunOrder): Promise<void> {
    const { runId } = order;
    const attempt = new Attempt(order, this.#backend, this.#library, {
      report: (step, values) => this.#report(runId, step, values),
      checkpoint: (step, path) => void this.#host.send({ type: 'checkpoint', runId, step, path }),
      log: (line) => this.#host.log(line),
    });
    this.#attempt = attempt;
    const outcome = await attempt.run();
    this.#attempt = null;
    this.#replies.clear();
    await this.#host.send({
      type: 'finished',
      runId,
      outcome: encodeOutcome(outcome),
      tensors: this.#backend.tf.memory().numTensors,
      rssBytes: process.memoryUsage.rss(),
    });
    if (this.#tainted) this.#host.exit();
  }

  #report(runId: string, step: number, values: Metrics): Promise<string | null> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#replies.set(id, resolve);
      void this.#host.send({ type: 'report', runId, id, step, values: encodeMetrics(values) });
    });
  }
}

type SentOutcome = Extract<FromRunner, { type: 'finished' }>['outcome'];

/** The type of an outcome has its numbers read; on the channel, NaN and the infinities are text. */
function encodeOutcome(outcome: AttemptOutcome): SentOutcome {
  if (outcome.kind !== 'complete') return outcome;
  return { kind: 'complete', values: encodeMetrics(outcome.values) as Record<string, number> };
}
