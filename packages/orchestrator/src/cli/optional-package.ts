import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TfsweepError } from '../errors.ts';
import type { WorkerModule } from '../protocol/agent.ts';

/** What `@tfsweep/dashboard` exports for the command line. */
export interface DashboardModule {
  startDashboard(options: DashboardOptions): Promise<Dashboard>;
}

export interface DashboardOptions {
  /** The `.tfsweep` folder to show. */
  readonly dir: string;
  /** 0: any free port. */
  readonly port: number;
  /** Loopback when left out. */
  readonly host?: string;
}

export interface Dashboard {
  readonly url: string;
  close(): Promise<void>;
}

/** The worker package, loaded only when a verb trains something. @throws MissingPackageError */
export function loadWorkerModule(): Promise<WorkerModule> {
  return load<WorkerModule>('@tfsweep/worker');
}

/** The dashboard package, loaded only when a page is served. @throws MissingPackageError */
export function loadDashboardModule(): Promise<DashboardModule> {
  return load<DashboardModule>('@tfsweep/dashboard');
}

/** A package that this verb needs is not installed, or is part of a clone that is not built. */
export class MissingPackageError extends TfsweepError {
  constructor(name: string, reason: 'absent' | 'not built', cause: unknown) {
    super(
      'MISSING_PACKAGE',
      reason === 'absent'
        ? `This verb needs the package ${name}, which is not installed. Add it: npm install ${name}`
        : `The package ${name} is not built yet. In the clone run \`npm start\` once, or \`pnpm build\`.`,
      { exitCode: 2, cause },
    );
  }
}

async function load<Module>(name: string): Promise<Module> {
  try {
    // A variable, so that neither compiler nor bundler makes the other package a dependency of this one.
    return (await import(name)) as Module;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (!error.message.includes(`'${name}'`)) throw notFoundWithin(name, error);
    return loadFromWorkingDirectory<Module>(name, error);
  }
}

/** Strict layouts (pnpm) hide packages that this one does not depend on; a project that installed both sees both. */
async function loadFromWorkingDirectory<Module>(name: string, firstError: unknown): Promise<Module> {
  let path: string;
  try {
    path = createRequire(join(process.cwd(), 'package.json')).resolve(name);
  } catch {
    throw new MissingPackageError(name, 'absent', firstError);
  }
  try {
    return (await import(pathToFileURL(path).href)) as Module;
  } catch (error) {
    throw isNotFound(error) ? notFoundWithin(name, error) : error;
  }
}

/** The package is there, and a file of it is not: its build, unless it misses a dependency of its own. */
function notFoundWithin(name: string, error: Error): Error {
  return /Cannot find module '[^']*[\\/]dist[\\/]/.test(error.message)
    ? new MissingPackageError(name, 'not built', error)
    : error;
}

function isNotFound(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
