import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './child.mjs';
import { nodeHeaders } from './node-headers.mjs';
import { packageManagerEnv } from './package-manager-env.mjs';
import { ROOT, SETUP_DIR } from './paths.mjs';
import { findOrBringPnpm } from './pnpm.mjs';
import { say } from './say.mjs';
import { SetupError } from './setup-error.mjs';
import { fileContents, fingerprintOf } from './stamp.mjs';
import { runStep } from './step.mjs';

const COMPILER_ADVICE =
  'better-sqlite3 had no ready-made binary to download and could not be compiled here. That takes Python 3, make and a ' +
  'C++ compiler: `apt install python3 make g++` (Debian, Ubuntu), `xcode-select --install` (macOS).';

const LOAD_ADVICE =
  'Its headers have to be those of this Node: look for `nodedir` in your .npmrc and npm_config_nodedir in the environment.';

/** Everything in the lockfile, native parts included. */
export async function installDependencies() {
  await runStep({
    folder: SETUP_DIR,
    name: 'install',
    announce:
      'Installing what the lockfile names (about a minute; up to 5 more where better-sqlite3 has to be compiled)',
    fingerprint: fingerprintOf([
      ...fileContents(ROOT, ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...packageManifests()]),
      // Native parts are built for one of these.
      process.versions.modules,
      process.platform,
      process.arch,
    ]),
    isThere: () => existsSync(join(ROOT, 'node_modules', '.modules.yaml')),
    work: install,
  });
}

/** @returns {string[]} */
function packageManifests() {
  return readdirSync(join(ROOT, 'packages'))
    .sort()
    .map((name) => `packages/${name}/package.json`);
}

async function install() {
  const pnpm = await findOrBringPnpm();
  /** @param {readonly string[]} args */
  const run = (args) =>
    runLogged(pnpm.command, [...pnpm.args, ...args], {
      cwd: ROOT,
      env: { JOBS: 'max', ...packageManagerEnv(process.env), ...nodeHeaders(process.env) },
      log: join(SETUP_DIR, 'install.log'),
      what: 'installing',
      phase: currentPhase,
      advice: (log) => (/better-sqlite3.*(gyp|Failed)/s.test(log) ? COMPILER_ADVICE : null),
    });
  await run(['install', '--frozen-lockfile', '--reporter=append-only', '--config.confirmModulesPurge=false']);
  if (sqliteProblem() !== null) {
    // Built for another Node: pnpm takes what is in node_modules for up to date.
    say('  better-sqlite3 was built for another Node: building it again');
    await run(['rebuild', '--recursive', 'better-sqlite3']);
    const problem = sqliteProblem();
    if (problem !== null) throw new SetupError(`better-sqlite3 does not load: ${problem}\n${LOAD_ADVICE}`);
  }
  if (!hasNativeTensorFlow()) {
    say(
      '  TensorFlow’s native library could not be had here, which is fine: models train on WebAssembly (docs/gpu.md: another way).',
    );
  }
}

/** @param {string} log */
function currentPhase(log) {
  const compiles =
    log.lastIndexOf('better-sqlite3 install: make') > log.lastIndexOf('better-sqlite3 install: Done');
  if (compiles) return 'compiling better-sqlite3 (SQLite, one large file: no output until it is done)';
  if (/better-sqlite3 install\$/.test(log) && !/better-sqlite3 install: Done/.test(log)) {
    return 'fetching or compiling better-sqlite3';
  }
  if (/tfjs-node(-gpu)? install\$/.test(log))
    return 'fetching the native libraries of TensorFlow (up to 500 MB)';
  return 'downloading packages';
}

/** @returns {string | null} the first words of why it does not load; null where it does */
function sqliteProblem() {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['-e', `new (require('better-sqlite3'))(':memory:')`],
    { cwd: join(ROOT, 'packages', 'orchestrator'), stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  );
  if (status === 0) return null;
  return /^\w*Error: .*(?:\n.*){0,2}/m.exec(stderr)?.[0] ?? `its process ended with code ${status}`;
}

function hasNativeTensorFlow() {
  return ['tfjs-node', 'tfjs-node-gpu'].some((name) => {
    const lib = join(ROOT, 'packages', 'worker', 'node_modules', '@tensorflow', name, 'lib');
    return (
      existsSync(lib) && readdirSync(lib).some((napi) => existsSync(join(lib, napi, 'tfjs_binding.node')))
    );
  });
}
