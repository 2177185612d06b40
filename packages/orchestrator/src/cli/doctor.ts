import type { Command } from 'commander';
import type { BackendProbe } from '../protocol/agent.ts';
import {
  type AddVerb,
  type CommonFlags,
  note,
  paint,
  printJson,
  printLine,
  stateDir,
  withExamples,
} from './context.ts';
import {
  type Check,
  checkBackends,
  checkFolder,
  checkGpus,
  checkNode,
  checkRedis,
  checkSqlite,
  type Gpu,
  problem,
} from './doctor-checks.ts';
import { loadWorkerModule, MissingPackageError } from './optional-package.ts';
import { addRedisOptions, type RedisFlags, redisTarget } from './redis-flags.ts';

interface DoctorFlags extends CommonFlags, RedisFlags {}

/** What `doctor --json` prints. */
interface Diagnosis {
  /** Could a sweep run here? */
  readonly ok: boolean;
  readonly node: string;
  /** The backend that a launch would use; null: none works. */
  readonly backend: string | null;
  readonly backends: readonly BackendProbe[];
  readonly gpus: readonly Gpu[];
  readonly dir: string;
  readonly freeBytes: number | null;
  readonly checks: readonly Check[];
}

const STYLES = { ok: 'green', hint: 'yellow', problem: 'red' } as const;
const INDENT = ' '.repeat(21);

export const addDoctorVerb: AddVerb = (program: Command) => {
  const command = program
    .command('doctor')
    .description('look at this machine: could a sweep run, on what, and how would it run faster?')
    .option('--dir <folder>', 'the folder that sweeps would write to (default: the nearest .tfsweep)')
    .option('--json', 'print the findings as one JSON document');
  withExamples(addRedisOptions(command), ['tfsweep doctor', 'tfsweep doctor --json | jq .backend']).action(
    examine,
  );
};

async function examine(flags: DoctorFlags): Promise<void> {
  if (!flags.json) note('Trying every backend, this takes a few seconds …');
  const diagnosis = await diagnose(flags);
  if (flags.json) printJson(diagnosis);
  else print(diagnosis);
  if (!diagnosis.ok) process.exitCode = 1;
}

async function diagnose(flags: DoctorFlags): Promise<Diagnosis> {
  const dir = stateDir(flags);
  const { check: folder, freeBytes } = checkFolder(dir);
  const training = await examineTraining();
  const checks = [
    checkNode(),
    await checkSqlite(),
    await checkRedis(dir, redisTarget(flags)),
    ...training.checks,
    folder,
  ];
  return {
    ok: checks.every(({ level }) => level !== 'problem'),
    node: process.versions.node,
    backend: training.backends.find(({ works }) => works)?.name ?? null,
    backends: training.backends,
    gpus: training.gpus,
    dir,
    freeBytes,
    checks,
  };
}

async function examineTraining(): Promise<{
  backends: readonly BackendProbe[];
  gpus: readonly Gpu[];
  checks: readonly Check[];
}> {
  try {
    const { listGpus, probeBackends } = await loadWorkerModule();
    const [gpus, backends] = [await listGpus(), await probeBackends()];
    return { gpus, backends, checks: [checkBackends(backends, gpus), checkGpus(gpus)] };
  } catch (error) {
    if (!(error instanceof MissingPackageError)) throw error;
    const missing = problem('backends', 'the worker package is not here', error.message);
    return { gpus: [], backends: [], checks: [missing] };
  }
}

function print({ ok, backend, checks }: Diagnosis): void {
  for (const { name, level, detail, advice } of checks) {
    const lines = detail.split('\n');
    printLine(`${paint(STYLES[level], level.padEnd(8))} ${name.padEnd(11)} ${lines[0]}`);
    for (const line of lines.slice(1)) printLine(`${INDENT}${line}`);
    if (advice !== null) printLine(`${INDENT}${paint('cyan', '→')} ${advice}`);
  }
  printLine();
  printLine(
    ok
      ? paint('bold', `A sweep can run here, on ${backend}.`)
      : paint('bold', 'No sweep can run here: see the problems above.'),
  );
}
