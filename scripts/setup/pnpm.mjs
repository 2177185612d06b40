import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './child.mjs';
import { packageManagerEnv } from './package-manager-env.mjs';
import { executablesOnPath, ROOT, SETUP_DIR } from './paths.mjs';
import { duration, say } from './say.mjs';

/** Kept equal to `packageManager` in package.json by a test. */
export const PNPM_VERSION = '10.34.9';

const TOOLS = join(ROOT, '.tools');
const BROUGHT = join(TOOLS, 'node_modules', 'pnpm');

/** @typedef {{command: string, args: readonly string[]}} Program */

/**
 * The pnpm to install with: a 10.x on the PATH, else the pinned one, brought from npm into the clone.
 * @returns {Promise<Program>}
 */
export async function findOrBringPnpm() {
  const onPath = pnpmOnPath();
  if (onPath !== null) return onPath;
  const brought = { command: process.execPath, args: [join(BROUGHT, 'bin', 'pnpm.cjs')] };
  if (broughtVersion() === PNPM_VERSION && works(brought)) return brought;
  say(`  first pnpm ${PNPM_VERSION}, from npm into .tools/ (a few seconds)`);
  const began = Date.now();
  const npm = npmProgram();
  // A project of its own: `--prefix` instead would make npm overlook the machine's npmrc, where proxies are configured.
  mkdirSync(TOOLS, { recursive: true });
  writeFileSync(join(TOOLS, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--no-save', '--no-audit', '--no-fund', `pnpm@${PNPM_VERSION}`];
  await runLogged(npm.command, [...npm.args, ...install], {
    cwd: TOOLS,
    env: packageManagerEnv(process.env),
    log: join(SETUP_DIR, 'pnpm.log'),
    what: 'fetching pnpm',
    advice: () => 'npm needs its registry for this: check the network, or `npm config get registry`.',
  });
  say(`  pnpm is there, after ${duration(Date.now() - began)}`);
  return brought;
}

/** @returns {Program | null} */
function pnpmOnPath() {
  // On Windows pnpm is a .cmd file, which only a shell can start: there the brought one serves.
  const file = process.platform === 'win32' ? undefined : executablesOnPath(['pnpm'])[0];
  // corepack's stand-in would download a pnpm of its own choice.
  if (file === undefined || /[\\/]corepack[\\/]/.test(realpathSync(file))) return null;
  const program = { command: file, args: [] };
  return works(program) ? program : null;
}

/** @param {Program} program */
function works({ command, args }) {
  const { status, stdout } = spawnSync(command, [...args, '--version'], {
    cwd: ROOT,
    env: packageManagerEnv(process.env),
    encoding: 'utf8',
    timeout: 30_000,
  });
  return status === 0 && /^10\./.test(stdout.trim());
}

function broughtVersion() {
  try {
    return JSON.parse(readFileSync(join(BROUGHT, 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}

/** @returns {Program} */
function npmProgram() {
  const runner = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(runner)) return { command: process.execPath, args: [runner] };
  if (process.platform !== 'win32') return { command: 'npm', args: [] };
  const beside = join(process.execPath, '..', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return { command: process.execPath, args: [beside] };
}
