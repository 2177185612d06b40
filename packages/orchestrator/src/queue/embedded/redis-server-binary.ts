import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TfsweepError } from '../../errors.ts';
import { isTooOld, MINIMUM_REDIS_VERSION } from '../../protocol/redis/server-version.ts';

const run = promisify(execFile);

const NAMES = ['redis-server', 'valkey-server'] as const;
const VERSION_TIMEOUT_MS = 10_000;

/** A server program of this machine. */
export interface RedisServerBinary {
  readonly path: string;
  readonly name: 'redis' | 'valkey';
  readonly version: string;
  /** To be added to the environment that it runs in. */
  readonly env: Readonly<Record<string, string>>;
}

/** No server program is here. The message says how to get one. */
export class RedisNotFoundError extends TfsweepError {
  constructor() {
    super(
      'REDIS_NOT_FOUND',
      `No redis-server or valkey-server (${MINIMUM_REDIS_VERSION} or newer) is here. ${howToGet()}`,
    );
  }
}

function howToGet(): string {
  if (process.platform === 'darwin')
    return 'Install one with `brew install redis`, or name a server with `--redis URL`.';
  if (process.platform === 'win32') return 'Name a server with `--redis URL`, or run tfsweep under WSL2.';
  return 'Install one (`apt install redis-server`, `dnf install valkey`, `apk add redis`), or name a server with `--redis URL`.';
}

/**
 * A server on the PATH, else one that set-up has unpacked: below `<dir>/tools`, TFSWEEP_TOOLS_DIR, or the `.tfsweep/`
 * of the clone that this file belongs to. null: there is none that is new enough.
 */
export async function findRedisServer(dir: string): Promise<RedisServerBinary | null> {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of NAMES.flatMap((name) => onPath.map((folder) => join(folder, name)))) {
    const server = await examine(path, {});
    if (server !== null) return server;
  }
  for (const tools of toolFolders(dir)) {
    const usr = join(tools, 'redis', 'usr');
    for (const name of NAMES) {
      const server = await examine(join(usr, 'bin', name), { LD_LIBRARY_PATH: libraryPath(usr) });
      if (server !== null) return server;
    }
  }
  return null;
}

function toolFolders(dir: string): string[] {
  const given = process.env.TFSWEEP_TOOLS_DIR;
  const clone = cloneRoot();
  return [
    join(dir, 'tools'),
    ...(given ? [given] : []),
    ...(clone === null ? [] : [join(clone, '.tfsweep', 'tools')]),
  ];
}

/** null where tfsweep is installed as a package. */
function cloneRoot(): string | null {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** Debian puts libraries below a folder that is named for the architecture. */
function libraryPath(usr: string): string {
  const triplets: Partial<Record<NodeJS.Architecture, string>> = {
    x64: 'x86_64-linux-gnu',
    arm64: 'aarch64-linux-gnu',
    arm: 'arm-linux-gnueabihf',
    riscv64: 'riscv64-linux-gnu',
    ppc64: 'powerpc64le-linux-gnu',
    s390x: 's390x-linux-gnu',
  };
  const triplet = triplets[process.arch];
  const lib = join(usr, 'lib');
  return [...(triplet === undefined ? [] : [join(lib, triplet)]), lib].join(delimiter);
}

async function examine(path: string, env: Record<string, string>): Promise<RedisServerBinary | null> {
  try {
    accessSync(path, constants.X_OK);
    const { stdout } = await run(path, ['--version'], {
      env: { ...process.env, ...env },
      timeout: VERSION_TIMEOUT_MS,
    });
    const version = /\bv=([\d.]+)/.exec(stdout)?.[1];
    if (version === undefined) return null;
    const name = /^valkey/i.test(stdout) ? 'valkey' : 'redis';
    // Every Valkey is new enough; its own versions begin at 7.2.
    return isTooOld(version) ? null : { path, name, version, env };
  } catch {
    // Not there, not ours to run, or made for another system: as good as none.
    return null;
  }
}
