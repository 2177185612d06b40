import { randomUUID } from 'node:crypto';
import {
  type Heartbeat,
  jobId,
  PROTOCOL_VERSION,
  type ReceivedEvent,
  type RunEvent,
  type SignedJob,
  type StopOrder,
  type SweepListing,
  signJob,
  type TrialQueue,
  type WorkerLinkEvents,
} from '@tfsweep/orchestrator/protocol';
import { vi } from 'vitest';

export const SECRET = 'a secret of the tests';

export function listingOf(sweep: string, epoch: string = randomUUID()): SweepListing {
  return {
    id: sweep,
    name: 'tested',
    epoch,
    root: null,
    gpusPerTrial: 'auto',
    trialsPerGpu: 1,
    protocol: PROTOCOL_VERSION,
  };
}

export function jobsOf(sweep: string, trials: readonly number[], text = 'payload'): SignedJob[] {
  return trials.map((trial) => signJob(jobId(sweep, trial, 1), `${text} of trial ${trial}`, SECRET));
}

/** One run of a trial's first attempt, and its events in order. */
export class TestRun {
  readonly id = randomUUID();
  readonly #sweep: string;
  readonly #trial: number;
  #seq = 0;

  constructor(sweep: string, trial: number) {
    this.#sweep = sweep;
    this.#trial = trial;
  }

  get #common() {
    this.#seq += 1;
    return {
      sweep: this.#sweep,
      trial: this.#trial,
      attempt: 1,
      runId: this.id,
      seq: this.#seq,
      at: 1_700_000_000_000,
    };
  }

  started(): RunEvent {
    return {
      ...this.#common,
      type: 'started',
      workerId: 'host-1-a',
      worker: 'host:1',
      slot: 0,
      gpus: 0,
      backend: 'cpu',
    };
  }

  report(step: number, values: Record<string, number>): RunEvent {
    return { ...this.#common, type: 'report', step, values };
  }

  finished(): RunEvent {
    return { ...this.#common, type: 'finished', outcome: { kind: 'complete', values: {} } };
  }

  heartbeat(): Heartbeat {
    const worker = {
      id: 'host-1-a',
      name: 'host:1',
      host: 'host',
      bootId: '',
      pid: 1,
      startTime: '',
      slots: 1,
      gpus: [],
      backend: 'cpu',
    };
    return { type: 'heartbeat', worker, runs: [this.id], draining: false };
  }

  stopOrder(reason: string, runId: string | null = null): StopOrder {
    return { trial: this.#trial, attempt: 1, runId, reason };
  }
}

/** Remembers what a link was told. */
export class Recorder implements WorkerLinkEvents {
  wakes = 0;
  readonly stops: StopOrder[] = [];
  readonly committed: Array<readonly [runId: string, seq: number]> = [];
  readonly connection: boolean[] = [];

  onWake(): void {
    this.wakes += 1;
  }

  onStop(_sweep: string, order: StopOrder): void {
    this.stops.push(order);
  }

  onCommitted(_sweep: string, runId: string, seq: number): void {
    this.committed.push([runId, seq]);
  }

  onConnection(up: boolean): void {
    this.connection.push(up);
  }
}

/** Waits until the assertion holds. */
export async function eventually(assertion: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(assertion, { timeout: 15_000, interval: 5 });
}

/** Reads until there are that many events. Throws where the stream is lost. */
export async function readEvents(queue: TrialQueue, count: number, from = ''): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  while (events.length < count) {
    const position = events.at(-1)?.position ?? from;
    const result = await queue.read(position, { limit: 1_000, waitMs: 5_000 });
    if (result.kind === 'lost') throw new Error('the stream is lost');
    events.push(...result.events);
  }
  return events;
}
