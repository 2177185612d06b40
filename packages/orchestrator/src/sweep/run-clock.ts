import type { SweepTransaction } from '../store/types.ts';
import type { OpenTrial } from './open-trials.ts';

/**
 * How long runs have had their slots. Everything is reckoned in the loop's own monotonic milliseconds; of a worker's clock
 * only the time between two of its own events counts, and never more than the loop itself can have missed.
 */

/** A run begins. `at` is the worker's time. */
export function startClock(trial: OpenTrial, at: number, now: number): void {
  trial.startedAt = now;
  trial.seenAt = now;
  trial.startedBy = at;
}

/**
 * One of its events, sent at `at` by the worker's clock: it may have lain in the stream while no orchestrator was there,
 * and heartbeats behind it may have been read as well.
 */
export function hearEvent(trial: OpenTrial, at: number, now: number): void {
  trial.seenAt = Math.min(now, trial.startedAt + Math.max(0, at - trial.startedBy));
}

/** It runs now, as a heartbeat says that was sent just now. */
export function hearHeartbeat(trial: OpenTrial, now: number): void {
  trial.seenAt = Math.max(trial.seenAt, now);
}

/** Milliseconds from its start to the last sign of life. */
export function ranMs({ startedAt, seenAt }: OpenTrial): number {
  return Math.max(0, seenAt - startedAt);
}

/** The last sign of life, in milliseconds since 1970. */
export function lastSeen({ seenAt }: OpenTrial): number {
  return Math.min(Date.now(), Date.now() - performance.now() + seenAt);
}

/** What a later life has to know of a run, and what its attempt is charged for when it ends. */
export function keepClock(tx: SweepTransaction, trial: OpenTrial): void {
  if (trial.phase !== 'running') return;
  tx.sawRun(trial.number, trial.attempt, { ranMs: ranMs(trial), at: lastSeen(trial) });
}

/** The clock of a run that began in an earlier life: since it was last seen, time has passed on the wall alone. */
export function clockOf(
  attempt: { readonly startedAt: number | null; readonly ranMs: number; readonly seenAt: number | null },
  now: number,
): Pick<OpenTrial, 'startedAt' | 'seenAt' | 'startedBy'> {
  const seenAt = now - Math.max(0, Date.now() - (attempt.seenAt ?? Date.now()));
  return { startedAt: seenAt - attempt.ranMs, seenAt, startedBy: attempt.startedAt ?? 0 };
}
