import type { SweepConfig } from '../config/sweep-config.ts';
import type { TrialError } from '../protocol/events.ts';

/** Doubling stops here: a trial that waits longer than this only hides a problem. */
const MAX_BACKOFF_MS = 10 * 60_000;

/**
 * When a failed trial is tried again. A trainer's exception would repeat itself, so it ends the trial unless the sweep
 * file's `retry.on` names it; a runner that died without a word may have been unlucky.
 *
 * @param failures - failures of this trial so far, this one included.
 * @returns milliseconds until the next attempt, null when there is none.
 */
export function retryDelayMs(
  retry: SweepConfig['retry'],
  error: TrialError,
  failures: number,
): number | null {
  if (failures >= retry.maxAttempts) return null;
  const matched = retry.on.some((pattern) => new RegExp(pattern).test(error.message));
  if (!matched && error.kind !== 'crash') return null;
  return Math.min(retry.backoffMs * 2 ** (failures - 1), MAX_BACKOFF_MS);
}
