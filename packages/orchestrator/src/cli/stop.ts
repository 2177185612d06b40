import type { Command } from 'commander';
import { TfsweepError } from '../errors.ts';
import { openStore, type Store, type SweepRow } from '../store/index.ts';
import { type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { addRedisOptions, type RedisFlags, redisTarget } from './redis-flags.ts';
import { isRun, sendRequest } from './send-request.ts';
import { takeOutOfRedis } from './take-out-of-redis.ts';
import { trialNumber } from './trial-number.ts';

export function addStopVerb(program: Command): void {
  const command = program
    .command('stop')
    .description('end a sweep, or one trial of it; results so far are kept')
    .argument('[sweep]', 'name or id of a sweep (default: the newest)')
    .argument('[number]', 'stop only this trial', trialNumber)
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)')
    .option('--json', 'print the outcome as one JSON document');
  withExamples(addRedisOptions(command), ['tfsweep stop digits-cnn', 'tfsweep stop digits-cnn 17']).action(
    stop,
  );
}

interface Flags extends CommonFlags, RedisFlags {}

async function stop(name: string | undefined, trial: number | undefined, flags: Flags): Promise<void> {
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, name);
    const wasRun = isRun(store, sweep);
    const outcome = await carryOut(store, sweep, trial);
    if (!wasRun && trial === undefined) await stopWorkers(store, sweep, flags);
    if (flags.json) printJson({ sweep: sweep.name, trial: trial ?? null, outcome });
    else printLine(`${sweep.name}: ${outcome}`);
  } finally {
    store.close();
  }
}

async function carryOut(store: Store, sweep: SweepRow, trial: number | undefined): Promise<string> {
  if (trial !== undefined && store.trial(sweep.id, trial) === null) {
    throw new TfsweepError('UNKNOWN_TRIAL', `${sweep.name} has no trial ${trial}.`, { exitCode: 2 });
  }
  if (isOver(sweep)) return `is already ${sweep.state}`;
  const request =
    trial === undefined ? { kind: 'stop' as const } : { kind: 'stop-trial' as const, number: trial };
  if (isRun(store, sweep)) {
    const { outcome } = await sendRequest(store, sweep, request, 'waits');
    if (outcome !== null) return outcome;
  }
  return await settleWithoutOwner(store, sweep, trial);
}

/** Nobody runs the sweep, but workers that were started by hand may still train its trials. */
async function stopWorkers(store: Store, sweep: SweepRow, flags: Flags): Promise<void> {
  if (isOver(sweep) && redisTarget(flags) === null) return;
  const writer = await store.claim(sweep.id);
  try {
    await takeOutOfRedis(store, sweep, flags, { reason: 'stopped on request', waitForRuns: false });
  } finally {
    await writer.release();
  }
}

/** Nobody runs the sweep: its unfinished trials are ended here. */
async function settleWithoutOwner(store: Store, sweep: SweepRow, trial: number | undefined): Promise<string> {
  const writer = await store.claim(sweep.id);
  try {
    return await writer.transaction((tx) => {
      // Until the lease was ours its orchestrator may have brought it to its end.
      const now = store.sweep(sweep.id)!;
      const open = store.trials(sweep.id, { states: ['queued', 'running', 'paused'] });
      const meant = open.filter(({ number }) => trial === undefined || trial === number);
      for (const { number, state, attempts } of meant) {
        // Its run was charged up to its last sign of life, however long nobody has been there since.
        const seenAt = state === 'running' ? (tx.attempt(number, attempts)?.seenAt ?? null) : null;
        if (seenAt !== null) {
          const reason = 'its orchestrator ended';
          tx.endAttempt(number, attempts, { outcome: 'lost', reason, at: seenAt });
        }
        tx.finishTrial(number, {
          // What waits at a rung is not running: it is given up there.
          state: state === 'paused' ? 'pruned' : 'stopped',
          value: null,
          reason: 'stopped on request',
          at: Date.now(),
        });
      }
      if (trial === undefined && !isOver(now)) tx.setSweepState('stopped', 'stopped on request');
      const whole = isOver(now) ? `is already ${now.state}` : 'stopped';
      const outcome = trial === undefined ? whole : `trial ${trial} stopped`;
      for (const { id, request } of tx.pendingRequests()) {
        const isThis = trial === undefined || (request?.kind === 'stop-trial' && request.number === trial);
        if (isThis && (request?.kind === 'stop' || request?.kind === 'stop-trial'))
          tx.settleRequest(id, outcome);
      }
      if (trial !== undefined && meant.length === 0)
        return `trial ${trial} is already ${store.trial(sweep.id, trial)!.state}`;
      return outcome;
    });
  } finally {
    await writer.release();
  }
}

function isOver({ state }: SweepRow): boolean {
  return state !== 'running' && state !== 'paused';
}
