import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { thisProcess } from '../../process-identity.ts';
import type { Outcome, RunEvent, WorkerInfo } from '../../protocol/events.ts';
import { type Job, jobSchema } from '../../protocol/job.ts';
import type { Delivery, StopOrder, SweepListing, WorkerLink } from '../../protocol/links.ts';

const POLL_MS = 5;

/** One run in the hands of a test: it says what the test tells it to say, and nothing else. */
export class ScriptedRun {
  readonly job: Job;
  readonly runId = randomUUID();
  readonly #worker: ScriptedWorker;
  readonly #delivery: Delivery;
  #seq = 0;

  constructor(worker: ScriptedWorker, delivery: Delivery) {
    this.#worker = worker;
    this.#delivery = delivery;
    this.job = jobSchema.parse(JSON.parse(delivery.payload));
  }

  async started(): Promise<void> {
    const { id: workerId, name: worker, backend, gpus } = this.#worker.info;
    const event = { type: 'started', workerId, worker, slot: 0, gpus: gpus.length, backend } as const;
    await this.#worker.send([this.#event(event)]);
  }

  async report(step: number, values: Record<string, number>): Promise<readonly StopOrder[]> {
    return await this.#worker.send([this.#event({ type: 'report', step, values })]);
  }

  /** @returns its path below the artifacts folder */
  async checkpoint(step: number): Promise<string> {
    const { sweep, trial } = this.job;
    const path = `${sweep}/${trial}/${this.runId}/checkpoint-${step}`;
    mkdirSync(join(this.#worker.artifacts, path), { recursive: true });
    writeFileSync(join(this.#worker.artifacts, path, 'weights.bin'), 'weights');
    await this.tellOfCheckpoint(step, path);
    return path;
  }

  /** Whatever path a foreign worker may name. */
  async tellOfCheckpoint(step: number, path: string): Promise<void> {
    await this.#worker.send([this.#event({ type: 'checkpoint', step, path })]);
  }

  async finish(outcome: Outcome): Promise<void> {
    await this.#worker.send([this.#event({ type: 'finished', outcome })]);
    await this.#delivery.release();
  }

  /** The same event once more, as a worker sends it that did not hear of the commit. */
  async repeatLast(): Promise<void> {
    if (this.last !== null) await this.#worker.send([this.last]);
  }

  /** The loop has committed what this run has said so far. */
  async committed(): Promise<void> {
    while ((this.#worker.acknowledged.get(this.runId) ?? 0) < this.#seq)
      await new Promise((resolve) => setTimeout(resolve, 1));
  }

  last: RunEvent | null = null;

  #event<Event extends { type: RunEvent['type'] }>(event: Event): RunEvent {
    const { sweep, trial, attempt } = this.job;
    this.#seq += 1;
    this.last = {
      ...event,
      sweep,
      trial,
      attempt,
      runId: this.runId,
      seq: this.#seq,
      at: Date.now(),
    } as unknown as RunEvent;
    return this.last;
  }
}

/** A worker that does what a test says, over a real link. */
export class ScriptedWorker {
  readonly info: WorkerInfo;
  readonly artifacts: string;
  readonly acknowledged = new Map<string, number>();
  readonly stops: StopOrder[] = [];
  readonly #link: WorkerLink;
  readonly #runs = new Set<string>();
  #heartbeats: NodeJS.Timeout | null = null;

  constructor(link: WorkerLink, artifacts: string, name = 'scripted') {
    this.#link = link;
    this.artifacts = artifacts;
    const id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    this.info = { ...thisProcess(), id, name, slots: 1, gpus: [], backend: 'wasm' };
  }

  async open(): Promise<void> {
    await this.#link.open({
      onWake: () => undefined,
      onStop: (_sweep, order) => void this.stops.push(order),
      onCommitted: (_sweep, runId, seq) => void this.acknowledged.set(runId, seq),
      onConnection: () => undefined,
    });
    this.#heartbeats = setInterval(() => void this.#heartbeat(), 50);
    await this.#heartbeat();
  }

  async take(): Promise<ScriptedRun> {
    for (;;) {
      const listing = await this.#listing();
      const delivery = listing === null ? null : await this.#link.take(listing);
      if (delivery !== null) {
        const run = new ScriptedRun(this, delivery);
        this.#runs.add(run.runId);
        return run;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** What the sweep's listing says to this worker alone. */
  async orders(): Promise<{ keptOff: boolean; drain: boolean }> {
    const { keepOff = [], drain = [] } = (await this.#listing()) ?? {};
    return { keptOff: keepOff.includes(this.info.id), drain: drain.includes(this.info.id) };
  }

  /** Whether a job comes within the time in which one would have come many times over. */
  async offered(): Promise<boolean> {
    for (let looks = 0; looks < 40; looks++) {
      const listing = await this.#listing();
      if (listing !== null && (await this.#link.take(listing)) !== null) return true;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return false;
  }

  async send(events: RunEvent[]): Promise<readonly StopOrder[]> {
    const listing = await this.#listing();
    return listing === null ? [] : (await this.#link.send(listing, events)).stops;
  }

  /** From now on nobody hears of this run any more: it is lost once its lease is over. */
  forget(run: ScriptedRun): void {
    this.#runs.delete(run.runId);
  }

  async close(): Promise<void> {
    if (this.#heartbeats !== null) clearInterval(this.#heartbeats);
    await this.#link.close();
  }

  async #listing(): Promise<SweepListing | null> {
    return (await this.#link.sweeps())[0] ?? null;
  }

  async #heartbeat(): Promise<void> {
    const listing = await this.#listing();
    if (listing === null) return;
    await this.#link.send(listing, [
      { type: 'heartbeat', worker: this.info, runs: [...this.#runs], draining: false },
    ]);
  }
}
