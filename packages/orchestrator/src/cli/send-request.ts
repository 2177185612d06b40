import { setTimeout as sleep } from 'node:timers/promises';
import { TfsweepError } from '../errors.ts';
import {
  isOwnerAlive,
  refusalIn,
  type Store,
  StoreError,
  type SweepRequest,
  type SweepRow,
} from '../store/index.ts';

const POLL_MS = 50;
/** An orchestrator that is alive answers within a turn, or it hangs. */
const WAIT_MS = 30_000;
/**
 * So many signs of life without an answer mean that the orchestrator lets the request wait: one comes from the claim of
 * a new one, one from its start, and with any other the requests are looked at.
 */
const SIGNS_OF_LIFE = 3;

interface Answered {
  readonly outcome: string;
}
/** The request stays in the store, until its turn in a reproducible sweep comes or somebody resumes the sweep. */
interface Waiting {
  readonly outcome: null;
  readonly waitsFor: 'turn' | 'resume';
}
export type Answer = Answered | Waiting;

/** Whether an orchestrator runs the sweep now. */
export function isRun(store: Store, sweep: SweepRow): boolean {
  const owner = store.sweep(sweep.id)?.owner ?? null;
  return owner !== null && isOwnerAlive(owner);
}

/**
 * Asks the sweep's orchestrator, and waits for its answer.
 *
 * @param later whether the request may wait. Else it is taken back where it is not answered.
 * @throws TfsweepError where it was refused, or nobody answers.
 */
export async function sendRequest(
  store: Store,
  sweep: SweepRow,
  request: SweepRequest,
  later: 'never',
): Promise<Answered>;
export async function sendRequest(
  store: Store,
  sweep: SweepRow,
  request: SweepRequest,
  later: 'waits',
): Promise<Answer>;
export async function sendRequest(
  store: Store,
  sweep: SweepRow,
  request: SweepRequest,
  later: 'waits' | 'never',
): Promise<Answer> {
  const id = await store.addRequest(sweep.id, request);
  let signs = 0;
  let heartbeatAt = lastHeartbeat(store, sweep);
  for (let waited = 0; waited < WAIT_MS; waited += POLL_MS) {
    const wasRun = isRun(store, sweep);
    const outcome = outcomeOf(store, sweep, id);
    if (outcome !== null) return accepted(sweep, outcome);
    if (!wasRun) break;
    const beat = lastHeartbeat(store, sweep);
    if (beat !== heartbeatAt) signs += 1;
    heartbeatAt = beat;
    if (later === 'waits' && signs >= SIGNS_OF_LIFE)
      return { outcome: null, waitsFor: sweep.config.reproducible === null ? 'resume' : 'turn' };
    await sleep(POLL_MS);
  }
  if (later === 'waits' && !isRun(store, sweep)) return { outcome: null, waitsFor: 'resume' };
  if (!(await store.withdrawRequest(id, 'nobody answered'))) {
    const outcome = outcomeOf(store, sweep, id);
    if (outcome !== null) return accepted(sweep, outcome);
  }
  const { owner, state } = store.sweep(sweep.id) ?? sweep;
  throw new TfsweepError(
    'NO_ANSWER',
    owner !== null && isOwnerAlive(owner)
      ? `The orchestrator of ${sweep.name} (process ${owner.pid}) does not answer.`
      : `Nobody runs ${sweep.name} now: it is ${state === 'running' || state === 'paused' ? 'interrupted' : state}. \`tfsweep resume ${sweep.name}\` goes on with it.`,
  );
}

function lastHeartbeat(store: Store, sweep: SweepRow): number | null {
  return store.sweep(sweep.id)?.owner?.heartbeatAt ?? null;
}

function outcomeOf(store: Store, { name }: SweepRow, id: number): string | null {
  const row = store.request(id);
  if (row === null) throw new StoreError('STORE_UNKNOWN_SWEEP', `${name} was deleted meanwhile.`);
  return row.outcome;
}

function accepted(sweep: SweepRow, outcome: string): Answered {
  const why = refusalIn(outcome);
  if (why !== null) throw new TfsweepError('REFUSED', `${sweep.name}: ${why}.`);
  return { outcome };
}
