import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Agent,
  type AgentOptions,
  type FinishedEvent,
  type Heartbeat,
  isAlive,
  type Job,
  jobId,
  PROTOCOL_VERSION,
  type RunEvent,
  type SignedJob,
  type StopOrder,
  type SweepListing,
  signJob,
  type TrialQueue,
  thisProcess,
  type WorkerLink,
} from '@tfsweep/orchestrator/protocol';
import { createMemoryBroker, type MemoryBroker } from '@tfsweep/orchestrator/queue';
import { onTestFinished, vi } from 'vitest';
import { type AgentSettings, DEFAULT_SETTINGS } from '../agent-settings.ts';
import { parentBond } from '../parent-bond.ts';
import { startAgentWith } from '../start-agent.ts';

export const SECRET = 'the fleet’s secret';

/** A folder of the test's own, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tfsweep-agent-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Until it no longer throws: what other processes do takes its time on a busy machine. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 5 });
}

/** The orchestrator's side of one sweep: puts jobs on the queue, reads events, commits what it has read. */
export class TestSweep {
  readonly id = randomUUID();
  readonly events: RunEvent[] = [];
  readonly heartbeats: Heartbeat[] = [];
  readonly queue: TrialQueue;
  /** Whether what is read is committed, as an orchestrator that lives does. */
  commits = true;
  #listing: SweepListing;
  #trials = 0;
  #closed = false;
  #position = '';

  constructor(broker: MemoryBroker, listing: Partial<SweepListing> = {}) {
    this.queue = broker.queue(this.id);
    this.#listing = {
      id: this.id,
      name: 'a-sweep',
      epoch: randomUUID(),
      root: null,
      gpusPerTrial: 'auto',
      trialsPerGpu: 1,
      protocol: PROTOCOL_VERSION,
      ...listing,
    };
  }

  async open(): Promise<void> {
    await this.queue.open(this.#listing);
  }

  async reopen(): Promise<void> {
    this.#listing = { ...this.#listing, epoch: randomUUID() };
    this.#position = '';
    await this.open();
  }

  job(params: Job['params'], rest: Partial<Job> = {}): Job {
    const trial = this.#trials;
    this.#trials += 1;
    return {
      protocol: PROTOCOL_VERSION,
      sweep: this.id,
      sweepName: 'a-sweep',
      trial,
      attempt: 1,
      params,
      seed: 7,
      trainer: { kind: 'declarative', spec: {} },
      root: 'here',
      budget: { unit: 'epochs', from: 0, to: null },
      timeLimitMs: null,
      stopGraceMs: 5_000,
      checkpointEvery: null,
      checkpoint: null,
      ...rest,
    };
  }

  /** Queues one trial. @returns its number. */
  async launch(params: Job['params'], rest: Partial<Job> = {}): Promise<number> {
    const job = this.job(params, rest);
    await this.queue.enqueue([signed(job)]);
    return job.trial;
  }

  of(trial: number): RunEvent[] {
    return this.events.filter((event) => event.trial === trial);
  }

  async outcome(trial: number): Promise<FinishedEvent['outcome']> {
    return eventually(() => {
      const finished = this.of(trial).find((event) => event.type === 'finished');
      if (finished?.type !== 'finished') throw new Error(`Trial ${trial} has not finished.`);
      return finished.outcome;
    });
  }

  async started(trial: number): Promise<RunEvent> {
    return eventually(() => {
      const started = this.of(trial).find((event) => event.type === 'started');
      if (!started) throw new Error(`Trial ${trial} has not started.`);
      return started;
    });
  }

  async stop(trial: number, rest: Partial<StopOrder> = {}): Promise<void> {
    await this.queue.stop([{ trial, attempt: 1, runId: null, reason: 'told to', ...rest }]);
  }

  /** Reads until `close`. A run's events are taken in order and once, as the real loop does. */
  async read(): Promise<void> {
    const last = new Map<string, number>();
    while (!this.#closed) {
      const result = await this.queue.read(this.#position, { limit: 1_000, waitMs: 50 });
      if (result.kind === 'lost') {
        await setTimeout(10);
        continue;
      }
      for (const { position, event } of result.events) {
        this.#position = position;
        if (event?.type === 'heartbeat') this.heartbeats.push(event);
        else if (event && event.seq === (last.get(event.runId) ?? 0) + 1) {
          last.set(event.runId, event.seq);
          this.events.push(event);
        }
      }
      if (this.commits && result.events.length > 0) await this.queue.committed(this.#position, last);
    }
  }

  close(): void {
    this.#closed = true;
    this.queue.interrupt();
  }
}

export function signed(job: Job): SignedJob {
  return signJob(jobId(job.sweep, job.trial, job.attempt), JSON.stringify(job), SECRET);
}

/** A fleet in this process: its queues, and agents whose runners are fake ones. */
export class TestFleet {
  readonly broker: MemoryBroker = createMemoryBroker();
  readonly dir: string;
  readonly log: string[] = [];
  /** Process ids of all runners that were started. */
  readonly runners: number[] = [];

  constructor(dir: string) {
    this.dir = dir;
  }

  static async create(): Promise<TestFleet> {
    return new TestFleet(await temporaryFolder());
  }

  async sweep(listing: Partial<SweepListing> = {}): Promise<TestSweep> {
    const sweep = new TestSweep(this.broker, listing);
    await sweep.open();
    const reading = sweep.read();
    onTestFinished(async () => {
      sweep.close();
      await reading;
    });
    return sweep;
  }

  async agent(
    options: Partial<AgentOptions> = {},
    settings: Partial<AgentSettings> = {},
    wrap: (link: WorkerLink) => WorkerLink = (link) => link,
  ): Promise<Agent> {
    const bond = await parentBond();
    const agent = await startAgentWith(
      {
        link: wrap(this.broker.link()),
        secret: SECRET,
        name: null,
        slots: 1,
        gpus: 'none',
        trialsPerGpu: 1,
        backend: null,
        roots: new Map([['here', this.dir]]),
        dir: join(this.dir, 'state'),
        onlySweep: null,
        allowDrift: false,
        log: (line) => void this.log.push(line),
        heartbeatMs: 100,
        ...options,
      },
      {
        ...DEFAULT_SETTINGS,
        runnerEntry: fileURLToPath(new URL('./fake-runner.mjs', import.meta.url)),
        lockFolder: join(this.dir, 'locks'),
        bond: {
          ...bond,
          hold: (pid) => {
            this.runners.push(pid);
            bond.hold(pid);
          },
        },
        ...settings,
      },
    );
    onTestFinished(() => agent.stop());
    return agent;
  }

  /** The folder of a run's artifacts. */
  runDir(event: RunEvent): string {
    return join(this.dir, 'state', 'artifacts', event.sweep, String(event.trial), event.runId);
  }
}

/** Waits until a process has ended; whether its parent has noticed does not matter. */
export async function gone(pid: number): Promise<void> {
  await eventually(() => {
    if (isAlive({ ...thisProcess(), pid, startTime: '' })) throw new Error(`Process ${pid} is still there.`);
  });
}
