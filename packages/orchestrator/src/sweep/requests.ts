import type { SweepTransaction } from '../store/types.ts';
import type { Aftermath } from './aftermath.ts';
import type { Ending } from './ending.ts';
import type { Intake } from './intake.ts';
import type { OpenTrials } from './open-trials.ts';

/**
 * Carries out what CLI and dashboard asked for, and writes each outcome back.
 *
 * @returns an ending when the sweep itself is to stop.
 */
export function carryOutRequests(
  tx: SweepTransaction,
  trials: OpenTrials,
  intake: Intake,
  now: number,
  after: Aftermath,
): Ending | null {
  let ending: Ending | null = null;
  for (const request of tx.pendingRequests()) {
    if (request.kind === 'stop') {
      ending = { state: 'stopped', reason: 'stopped on request' };
      tx.settleRequest(request.id, 'stopping');
      continue;
    }
    const number = Number(request.payload.number);
    const trial = trials.get(number);
    if (trial === undefined || trial.phase === 'closing') {
      tx.settleRequest(request.id, `trial ${number} is already over`);
      continue;
    }
    // What waits at a rung is not running: it is given up there.
    const state = trial.phase === 'paused' ? 'pruned' : 'stopped';
    intake.end(tx, trial, { state, reason: 'stopped on request' }, now, after);
    tx.settleRequest(request.id, `trial ${number} stopped`);
  }
  return ending;
}
