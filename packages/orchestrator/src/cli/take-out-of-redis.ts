import { join } from 'node:path';
import { artifactsDir } from '../artifact-paths.ts';
import { AbandonedSweep, embeddedTarget } from '../queue/index.ts';
import type { Store, SweepRow } from '../store/index.ts';
import { isGoneFromThisHost } from '../sweep/fleet.ts';
import { note } from './context.ts';
import { type RedisFlags, redisTarget } from './redis-flags.ts';

/** Beyond the grace times of the workers themselves. */
const END_MS = 5_000;

/**
 * Ends what workers that were started by hand do for a sweep whose lease the caller holds, and leaves nothing of it in
 * Redis: the server that is named, else that of a launch here. Where there is neither, and somebody may still train its
 * trials, says so.
 *
 * @param sweep as it was before the verb changed it
 * @throws RedisUnavailableError
 */
export async function takeOutOfRedis(
  store: Store,
  sweep: SweepRow,
  flags: RedisFlags,
  { reason, waitForRuns }: { reason: string; waitForRuns: boolean },
): Promise<void> {
  const target = redisTarget(flags) ?? embeddedTarget(store.dir);
  if (target === null) {
    if (mayBeTrained(store, sweep)) {
      note(
        `If ${sweep.name} ran over a Redis server of your own, its workers still have it: name the server with --redis.`,
      );
    }
    return;
  }
  const abandoned = await AbandonedSweep.open(target, sweep.id);
  try {
    await abandoned.end(reason);
    const left = waitForRuns ? await abandoned.runsLeft(2 * sweep.config.stopGraceMs + END_MS) : 0;
    if (left > 0) {
      note(
        `${left} of its trials did not end in time: what their workers still write lies in ${join(artifactsDir(store.dir), sweep.id)}.`,
      );
    }
    await abandoned.forget();
  } finally {
    await abandoned.close();
  }
}

function mayBeTrained(store: Store, { id, state }: SweepRow): boolean {
  if (state !== 'running' && state !== 'paused') return false;
  return store.attempts(id).some(({ workerId }) => workerId !== null && !isGoneFromThisHost(workerId));
}
