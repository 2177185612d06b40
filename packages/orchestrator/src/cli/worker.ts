import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { TfsweepError } from '../errors.ts';
import { embeddedTarget, fleetSecret } from '../queue/index.ts';
import { parseGpus } from '../sweep/session.ts';
import { type CommonFlags, note, stateDir, withExamples } from './context.ts';
import { loadWorkerModule } from './optional-package.ts';
import { addRedisOptions, type RedisFlags, redisTarget } from './redis-flags.ts';
import { BACKENDS, collect, slotCount } from './run-flags.ts';

const HEARTBEAT_MS = 2_000;

interface WorkerFlags extends CommonFlags, RedisFlags {
  readonly workers?: number;
  readonly gpus?: string;
  readonly trialsPerGpu: string;
  readonly backend?: string;
  readonly root: string[];
  readonly name?: string;
  readonly sweep?: string;
  readonly allowDrift?: boolean;
  readonly quiet?: boolean;
}

export function addWorkerVerb(program: Command): void {
  const command = program
    .command('worker')
    .description('train trials of every sweep on a Redis, from this host')
    .option('--workers <n>', 'slots (default: GPUs × trials per GPU, else cores)', slotCount)
    .option('--gpus <which>', 'all, none, or indices such as 0,2')
    .option('--trials-per-gpu <n>', 'trials that share one GPU', '1')
    .addOption(
      new Option('--backend <name>', 'tensor backend (default: the fastest that works)').choices(BACKENDS),
    )
    .option(
      '--root <name=folder>',
      'where a sweep file of that folder name lies here; may be repeated',
      collect,
      [],
    )
    .option('--name <text>', 'shown in leaderboards (default: host:pid)')
    .option('--allow-drift', 'take trainer modules whose hash differs from the launching host')
    .option(
      '--dir <folder>',
      'folder for logs and artifacts, and for finding a local launch (default: the nearest .tfsweep)',
    )
    .option('--quiet', 'warnings only')
    .addOption(new Option('--sweep <id>', 'serve only this sweep, and end with it').hideHelp());
  withExamples(addRedisOptions(command), [
    'tfsweep worker                                        # joins a launch on this machine',
    'TFSWEEP_SECRET=… tfsweep worker --redis redis://:secret@10.0.0.5:6379 --root mnist=./mnist',
  ]).action(work);
}

async function work(flags: WorkerFlags): Promise<void> {
  const dir = stateDir(flags);
  const target = redisTarget(flags) ?? embeddedTarget(dir);
  if (target === null) {
    throw new TfsweepError(
      'NO_REDIS',
      `No launch is running in ${dir}. Start one there with \`tfsweep launch CONFIG\`, or name a server: \`--redis redis://:PASSWORD@HOST:6379\`.`,
      { exitCode: 2 },
    );
  }
  const { startAgent, createRedisWorkerLink } = await loadWorkerModule();
  const agent = await startAgent({
    link: createRedisWorkerLink(target),
    secret: fleetSecret(dir),
    name: flags.name ?? null,
    slots: flags.workers ?? null,
    gpus: parseGpus(flags.gpus ?? null),
    trialsPerGpu: atLeastOne(flags.trialsPerGpu),
    backend: flags.backend ?? null,
    roots: parseRoots(flags.root),
    dir,
    onlySweep: flags.sweep ?? null,
    allowDrift: flags.allowDrift === true,
    log: (line, level) => (level === 'info' && flags.quiet ? undefined : note(line)),
    heartbeatMs: HEARTBEAT_MS,
  });
  if (!flags.quiet) note('Connected. Taking trials as they come; Ctrl-C hands back what runs.');
  let phase: 'serving' | 'draining' | 'stopping' = 'serving';
  const onInterrupt = (): void => {
    if (phase === 'stopping') process.exit(130);
    phase = 'stopping';
    if (!flags.quiet) note('Stopping: what runs is handed back. Ctrl-C again leaves at once.');
    void agent.stop();
  };
  // What supervisors send first: time enough to finish is theirs to give.
  const onTerminate = (): void => {
    if (phase !== 'serving') {
      onInterrupt();
      return;
    }
    phase = 'draining';
    agent.drain();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  await agent.ended;
  process.off('SIGINT', onInterrupt);
  process.off('SIGTERM', onTerminate);
}

/** Without `--root`, the current folder under its own name: what a sweep file in it would be called. */
function parseRoots(texts: readonly string[]): ReadonlyMap<string, string> {
  if (texts.length === 0) return new Map([[basename(resolve('.')), resolve('.')]]);
  return new Map(
    texts.map((text) => {
      const cut = text.indexOf('=');
      if (cut < 1) {
        throw new TfsweepError('USAGE', `--root ${text}: expected NAME=FOLDER, such as mnist=./mnist.`, {
          exitCode: 2,
        });
      }
      return [text.slice(0, cut), resolve(text.slice(cut + 1))] as const;
    }),
  );
}

function atLeastOne(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new TfsweepError('USAGE', `--trials-per-gpu ${text}: expected a whole number of at least 1.`, {
      exitCode: 2,
    });
  }
  return count;
}
