import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { TfsweepError } from '../errors.ts';
import type { BackendProbe, RedisTarget, WorkerModule } from '../protocol/agent.ts';

/** `problem`: no sweep can run. `hint`: it can, and could do better. */
export interface Check {
  readonly name: string;
  readonly level: 'ok' | 'hint' | 'problem';
  readonly detail: string;
  /** What to do about it. */
  readonly advice: string | null;
}

export type Gpu = Awaited<ReturnType<WorkerModule['listGpus']>>[number];

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** Less than this and a sweep soon fails to write; below the second it is worth a word. */
const LEAST_FREE_BYTES = 100 * MIB;
const COMFORTABLE_FREE_BYTES = GIB;

const HOW_TO_BUILD =
  'build it against a libtensorflow of your own, from Python’s package for instance (docs/gpu.md): tfsweep native --libtensorflow FOLDER';

export function checkNode(): Check {
  const { node, modules } = process.versions;
  return ok('Node', `${node} on ${process.platform} ${process.arch} (ABI ${modules})`);
}

export async function checkSqlite(): Promise<Check> {
  try {
    const { sqliteVersion } = await import('../store/sqlite-version.ts');
    return ok('SQLite', `${sqliteVersion()}, by better-sqlite3`);
  } catch (error) {
    const detail = `better-sqlite3 does not load: ${firstLine(error)}`;
    return problem(
      'SQLite',
      detail,
      'Build it for this Node: npm rebuild better-sqlite3 (in the clone: npm start)',
    );
  }
}

/** The server that a launch would use: the one that is named, else a private one. */
export async function checkRedis(dir: string, target: RedisTarget | null): Promise<Check> {
  if (target !== null) return checkNamedRedis(target);
  const { findRedisServer, RedisNotFoundError } = await import('../queue/index.ts');
  const server = await findRedisServer(dir);
  if (server !== null) return ok('Redis', `${server.name} ${server.version} (${server.path})`);
  const advice = `${new RedisNotFoundError().message} Until then a queue inside the process serves.`;
  return { name: 'Redis', level: 'hint', detail: 'no server program', advice };
}

async function checkNamedRedis(target: RedisTarget): Promise<Check> {
  const { connectRedis, parseRedisTarget } = await import('../protocol/redis/index.ts');
  try {
    const { shown } = parseRedisTarget(target);
    const warnings: string[] = [];
    const redis = await connectRedis(target, 'commands', { warn: (line) => warnings.push(line) });
    redis.disconnect();
    const advice = warnings.length > 0 ? warnings.join(' ') : null;
    return { name: 'Redis', level: advice === null ? 'ok' : 'hint', detail: `answers at ${shown}`, advice };
  } catch (error) {
    if (!(error instanceof TfsweepError)) throw error;
    return problem('Redis', 'the named server can’t be used', error.message);
  }
}

export function checkBackends(probes: readonly BackendProbe[], gpus: readonly Gpu[]): Check {
  const working = probes.filter(({ works }) => works).map(({ name }) => name);
  const detail = probes
    .map(({ name, works, detail: why }) => `${name}: ${works ? 'works' : 'no'}, ${why}`)
    .join('\n');
  if (working.length === 0) {
    return problem(
      'backends',
      detail,
      'No TensorFlow.js backend works: install the packages again (in the clone: npm start).',
    );
  }
  const advice = fasterBackend(working[0]!, gpus);
  return { name: 'backends', level: advice === null ? 'ok' : 'hint', detail, advice };
}

/** How to get a backend that this machine could have and has not. */
function fasterBackend(best: string, gpus: readonly Gpu[]): string | null {
  if (best === 'node-gpu') return null;
  if (gpus.length > 0) {
    return (
      'The GPU is not used. tfjs-node-gpu 4.22 as it is downloaded needs CUDA 11.2, cuDNN 8.1 and a driver newer than 450: ' +
      `${rebuildCommand('@tensorflow/tfjs-node-gpu')}. For a newer CUDA ${HOW_TO_BUILD}`
    );
  }
  if (best === 'node' || best === 'webgpu') return null;
  return (
    'tfjs-node trains convolutions in about half the time on the same cores. It downloads TensorFlow’s C library from storage.googleapis.com ' +
    `(another host: TFJS_NODE_CDN_STORAGE): ${rebuildCommand('@tensorflow/tfjs-node')}. Where that can’t be reached, ${HOW_TO_BUILD}`
  );
}

/** In a clone the package is there without its native part; elsewhere npm has removed it. */
function rebuildCommand(name: string): string {
  return existsSync('pnpm-workspace.yaml')
    ? `pnpm rebuild --recursive ${name}`
    : `npm install ${name}@4.22.0`;
}

export function checkGpus(gpus: readonly Gpu[]): Check {
  if (gpus.length === 0) return ok('GPUs', 'none that nvidia-smi shows: models train on the cores');
  const lines = gpus.map(
    ({ index, name, memoryMiB, freeMiB }) => `${index}: ${name}, ${freeMiB} of ${memoryMiB} MiB free`,
  );
  return ok('GPUs', lines.join('\n'));
}

/** The folder that sweeps write to, or would be made in, and its disk. */
export function checkFolder(dir: string): { check: Check; freeBytes: number | null } {
  const folder = nearestExisting(dir);
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  const detail = `${dir}${existsSync(dir) ? '' : ' (not made yet)'}, ${formatBytes(freeBytes)} free`;
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    const check = problem(
      'folder',
      detail,
      `${folder} can’t be written to: pass --dir, or change its permissions.`,
    );
    return { check, freeBytes };
  }
  if (freeBytes < LEAST_FREE_BYTES) {
    return { check: problem('folder', detail, 'The disk is full: make room, or pass --dir.'), freeBytes };
  }
  if (freeBytes < COMFORTABLE_FREE_BYTES) {
    const advice = 'Checkpoints of larger models need more: make room, or pass --dir.';
    return { check: { name: 'folder', level: 'hint', detail, advice }, freeBytes };
  }
  return { check: ok('folder', detail), freeBytes };
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

function formatBytes(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.round(bytes / MIB)} MiB`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

function ok(name: string, detail: string): Check {
  return { name, level: 'ok', detail, advice: null };
}

export function problem(name: string, detail: string, advice: string): Check {
  return { name, level: 'problem', detail, advice };
}
