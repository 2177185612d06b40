import { setTimeout as sleep } from 'node:timers/promises';
import { TfsweepError } from '../errors.ts';
import { isOwnerAlive, refusalIn, type Store, type SweepRequest, type SweepRow } from '../store/index.ts';

const POLL_MS = 50;
/** An orchestrator that is alive answers within a turn, or it hangs. */
const WAIT_MS = 30_000;

/** Whether an orchestrator runs the sweep now. */
export function isRun(store: Store, sweep: SweepRow): boolean {
  const owner = store.sweep(sweep.id)?.owner ?? null;
  return owner !== null && isOwnerAlive(owner);
}

/**
 * Asks the sweep's orchestrator, and waits for its answer.
 *
 * @param later what the request may wait for: `resume`, which starts another orchestrator. Else it is taken back where
 *   nobody runs the sweep.
 * @returns the outcome; null where the request waits for a resume.
 * @throws TfsweepError where it was refused, or nobody answers.
 */
export async function sendRequest(
  store: Store,
  sweep: SweepRow,
  request: SweepRequest,
  later: 'resume' | 'never',
): Promise<string | null> {
  const id = await store.addRequest(sweep.id, request);
  for (let waited = 0; waited < WAIT_MS; waited += POLL_MS) {
    const wasRun = isRun(store, sweep);
    const outcome = store.request(id)?.outcome ?? null;
    if (outcome !== null) return accepted(sweep, outcome);
    if (!wasRun) break;
    await sleep(POLL_MS);
  }
  if (later === 'resume' && !isRun(store, sweep)) return null;
  if (!(await store.withdrawRequest(id, 'nobody answered')))
    return accepted(sweep, store.request(id)!.outcome!);
  const { owner, state } = store.sweep(sweep.id) ?? sweep;
  throw new TfsweepError(
    'NO_ANSWER',
    owner !== null && isOwnerAlive(owner)
      ? `The orchestrator of ${sweep.name} (process ${owner.pid}) does not answer.`
      : `Nobody runs ${sweep.name} now: it is ${state === 'running' || state === 'paused' ? 'interrupted' : state}. \`tfsweep resume ${sweep.name}\` goes on with it.`,
  );
}

function accepted(sweep: SweepRow, outcome: string): string {
  const why = refusalIn(outcome);
  if (why !== null) throw new TfsweepError('REFUSED', `${sweep.name}: ${why}.`);
  return outcome;
}
