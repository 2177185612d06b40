import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { TfsweepError } from '../errors.ts';
import { isAlive } from '../process-identity.ts';
import { openStore, type Store, type SweepRow } from '../store/index.ts';
import { type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';

const POLL_MS = 100;
const WAIT_MS = 30_000;

export function addStopVerb(program: Command): void {
  const command = program
    .command('stop [sweep]')
    .description('end a sweep, or one trial of it; results so far are kept (default: the newest)')
    .option('--trial <number>', 'stop only this trial', trialNumber)
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)')
    .option('--json', 'print the outcome as one JSON document');
  withExamples(command, ['tfsweep stop digits-cnn', 'tfsweep stop digits-cnn --trial 17']).action(stop);
}

async function stop(name: string | undefined, flags: CommonFlags & { trial?: number }): Promise<void> {
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, name);
    const outcome = await carryOut(store, sweep, flags.trial);
    if (flags.json) printJson({ sweep: sweep.name, trial: flags.trial ?? null, outcome });
    else printLine(`${sweep.name}: ${outcome}`);
  } finally {
    store.close();
  }
}

async function carryOut(store: Store, sweep: SweepRow, trial: number | undefined): Promise<string> {
  if (trial !== undefined && store.trial(sweep.id, trial) === null) {
    throw new TfsweepError('UNKNOWN_TRIAL', `${sweep.name} has no trial ${trial}.`, { exitCode: 2 });
  }
  if (sweep.state !== 'running' && sweep.state !== 'paused') return `is already ${sweep.state}`;
  const id = await store.addRequest(
    sweep.id,
    trial === undefined ? 'stop' : 'stop-trial',
    trial === undefined ? {} : { number: trial },
  );
  if (sweep.owner === null || isAlive(sweep.owner) === false)
    return await settleWithoutOwner(store, sweep, trial);
  for (let waited = 0; waited < WAIT_MS; waited += POLL_MS) {
    const outcome = store.request(id)?.outcome;
    if (outcome) return outcome;
    await sleep(POLL_MS);
  }
  throw new TfsweepError(
    'NO_ANSWER',
    `The orchestrator of ${sweep.name} (process ${sweep.owner.pid}) does not answer.`,
  );
}

/** Nobody runs the sweep: its unfinished trials are ended here. */
async function settleWithoutOwner(store: Store, sweep: SweepRow, trial: number | undefined): Promise<string> {
  const writer = await store.claim(sweep.id);
  try {
    return await writer.transaction((tx) => {
      const open = store.trials(sweep.id, { states: ['queued', 'running', 'paused'] });
      const end = { state: 'stopped' as const, value: null, reason: 'stopped on request', at: Date.now() };
      for (const { number } of open) if (trial === undefined || trial === number) tx.finishTrial(number, end);
      if (trial === undefined) tx.setSweepState('stopped', 'stopped on request');
      const outcome = trial === undefined ? 'stopped' : `trial ${trial} stopped`;
      for (const request of tx.pendingRequests()) tx.settleRequest(request.id, outcome);
      return outcome;
    });
  } finally {
    await writer.release();
  }
}

function trialNumber(text: string): number {
  if (!/^\d+$/.test(text))
    throw new TfsweepError('USAGE', `--trial ${text}: expected a number.`, { exitCode: 2 });
  return Number(text);
}
