import type { SweepConfig } from '../config/sweep-config.ts';
import type { TrialError } from '../protocol/events.ts';

/** Doubling stops here: a trial that waits longer than this only hides a problem. */
const MAX_BACKOFF_MS = 10 * 60_000;

/**
 * When a failed trial is tried again. A trainer's exception would repeat itself, so it ends the trial unless the sweep
 * file's `retry.on` or `retry.elsewhere` names it; a runner that died without a word may have been unlucky, unless
 * `retry.never` names what it said.
 *
 * @param failures - failures of this trial so far, this one included.
 * @returns milliseconds until the next attempt, null when there is none.
 */
export function retryDelayMs(
  retry: SweepConfig['retry'],
  error: TrialError,
  failures: number,
): number | null {
  if (failures >= retry.maxAttempts || matches(retry.never, error)) return null;
  if (!matches(retry.on, error) && !matches(retry.elsewhere, error) && error.kind !== 'crash') return null;
  return Math.min(retry.backoffMs * 2 ** (failures - 1), MAX_BACKOFF_MS);
}

/** Whether the sweep's rules say that a failure comes from the machine: another worker might not have it. */
export function isWorkersFault(retry: SweepConfig['retry'], error: TrialError): boolean {
  return matches(retry.elsewhere, error) && !matches(retry.never, error);
}

function matches(patterns: readonly string[], { message }: TrialError): boolean {
  return patterns.some((pattern) => new RegExp(pattern).test(message));
}
