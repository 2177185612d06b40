import type { Command } from 'commander';
import { TfsweepError } from '../errors.ts';
import { removeArtifacts } from '../remove-artifacts.ts';
import { openStore, type Store, type SweepRow } from '../store/index.ts';
import { confirm } from './confirm.ts';
import { type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { addRedisOptions, type RedisFlags } from './redis-flags.ts';
import { isRun } from './send-request.ts';
import { takeOutOfRedis } from './take-out-of-redis.ts';

const INTERRUPTED = 130;

interface Flags extends CommonFlags, RedisFlags {
  readonly yes?: boolean;
}

export function addDeleteVerb(program: Command): void {
  const command = program
    .command('delete <sweep>')
    .description('delete a sweep that nobody runs: its trials, reports, checkpoints and logs')
    .option('--yes', 'do not ask')
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)')
    .option('--json', 'print the outcome as one JSON document');
  withExamples(addRedisOptions(command), [
    'tfsweep delete digits-cnn',
    'tfsweep delete digits-cnn --yes',
  ]).action(remove);
}

async function remove(name: string, flags: Flags): Promise<void> {
  const store = openStore(stateDir(flags));
  try {
    const sweep = findSweep(store, name);
    const trials = Object.values(sweep.counts).reduce((sum, count) => sum + count, 0);
    if (isRun(store, sweep)) {
      throw new TfsweepError(
        'RUNNING',
        `${sweep.name} is ${sweep.state}, in process ${sweep.owner!.pid} on ${sweep.owner!.host}: stop it first (\`tfsweep stop ${sweep.name}\`).`,
        { exitCode: 2 },
      );
    }
    const isMeant = flags.yes === true || (await ask(`Delete ${sweep.name} with its ${trials} trials?`));
    if (isMeant === true) await deleteWhole(store, sweep, flags);
    if (isMeant === null) process.exitCode = INTERRUPTED;
    const outcome = isMeant ? `deleted, with ${trials} trials` : 'kept';
    if (flags.json) printJson({ sweep: sweep.name, outcome });
    else printLine(`${sweep.name}: ${outcome}`);
  } finally {
    store.close();
  }
}

/** The runs first, then the files: whatever dies in between, the sweep is still listed and can be deleted again. */
async function deleteWhole(store: Store, sweep: SweepRow, flags: Flags): Promise<void> {
  const writer = await store.claim(sweep.id);
  try {
    await takeOutOfRedis(store, sweep, flags, { reason: 'the sweep was deleted', waitForRuns: true });
    await removeArtifacts(store.dir, sweep.id);
    await writer.transaction((tx) => tx.deleteSweep());
  } finally {
    await writer.release();
  }
}

async function ask(question: string): Promise<boolean | null> {
  if (!process.stdin.isTTY) {
    throw new TfsweepError('USAGE', `${question} Nobody can be asked here: \`--yes\` says so beforehand.`, {
      exitCode: 2,
    });
  }
  return await confirm(question, process.stdin, process.stderr);
}
