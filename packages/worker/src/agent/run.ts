import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Delivery,
  type Job,
  MAX_REASON_CHARS,
  type Outcome,
  type RunEvent,
  type StopOrder,
} from '@tfsweep/orchestrator/protocol';
import type { RunOrder } from '../runner/messages.ts';

type OfRun = 'sweep' | 'trial' | 'attempt' | 'runId' | 'seq' | 'at';
type WithoutRun<Event> = Event extends RunEvent ? Omit<Event, OfRun> : never;
/** What an event says, without whose and which it is. */
export type RunNews = WithoutRun<RunEvent>;

/** One delivery of a job, which the agent must account for with a `finished` event, whatever becomes of it. */
export class Run {
  readonly runId = randomBytes(12).toString('hex');
  readonly job: Job;
  readonly delivery: Delivery;
  #seq = 0;

  constructor(job: Job, delivery: Delivery) {
    this.job = job;
    this.delivery = delivery;
  }

  event(news: RunNews): RunEvent {
    this.#seq += 1;
    const { sweep, trial, attempt } = this.job;
    return { ...news, sweep, trial, attempt, runId: this.runId, seq: this.#seq, at: Date.now() };
  }

  finished(outcome: Outcome): RunEvent {
    if (outcome.kind !== 'returned') return this.event({ type: 'finished', outcome });
    const reason = outcome.reason.slice(0, MAX_REASON_CHARS);
    return this.event({ type: 'finished', outcome: { ...outcome, reason } });
  }

  isMeantBy(order: StopOrder): boolean {
    const { trial, attempt } = this.job;
    return (
      order.trial === trial &&
      order.attempt === attempt &&
      (order.runId === null || order.runId === this.runId)
    );
  }
}

/** A run that was admitted and has its folder: all that a slot needs. */
export interface PreparedRun {
  readonly run: Run;
  readonly order: RunOrder;
}

/** Makes the run's folder. `dir`: the host's `.tfsweep`. */
export async function prepareRun(
  run: Run,
  files: { readonly rootDir: string; readonly modulePath: string | null },
  dir: string,
): Promise<PreparedRun> {
  const artifactsDir = join(dir, 'artifacts');
  const runPath = [run.job.sweep, run.job.trial, run.runId].join('/');
  const runDir = join(artifactsDir, runPath);
  await mkdir(runDir, { recursive: true });
  return { run, order: { job: run.job, runId: run.runId, ...files, runDir, runPath, artifactsDir } };
}
