import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runAttached } from '../setup/child.mjs';
import { findChromium } from '../setup/chromium.mjs';
import { ROOT } from '../setup/paths.mjs';
import { say } from '../setup/say.mjs';

const require = createRequire(import.meta.url);

/**
 * What the build does not check on its way.
 * @type {readonly (readonly [what: string, project: string])[]}
 */
const TYPE_CHECKS = [
  ['dashboard’s page', 'packages/dashboard/tsconfig.web.json'],
  ['tests', 'tsconfig.tests.json'],
  ['example', 'examples/browser'],
];

/**
 * Lint, types, tests: all of them, also when an earlier one fails, so that one run shows everything.
 * @param {readonly string[]} vitestArgs
 * @returns {Promise<number>} the exit code
 */
export async function runChecks(vitestArgs) {
  /** @type {string[]} */
  const failed = [];
  /**
   * @param {string} name
   * @param {readonly string[]} args
   */
  const check = async (name, args) => {
    say(`• ${name}`);
    const code = await runAttached(process.execPath, args, { cwd: ROOT, env: process.env });
    if (code >= 128) process.exit(code);
    if (code !== 0) failed.push(name);
  };
  await check('Lint (biome check .)', [program('@biomejs/biome', 'bin/biome'), 'check', '.']);
  for (const [what, project] of TYPE_CHECKS) {
    await check(`Types of the ${what} (tsc -p ${project})`, [
      program('typescript', 'bin/tsc'),
      '-p',
      project,
    ]);
  }
  const reporters = ['--reporter=default', '--reporter=./scripts/testing/totals-reporter.mjs'];
  await check('Tests (vitest run)', [program('vitest', 'vitest.mjs'), 'run', ...reporters, ...vitestArgs]);
  if (process.env.CI === 'true' && findChromium() === null)
    failed.push('No browser: with CI=true its tests must run');
  for (const name of failed) say(`FAILED: ${name}`);
  return failed.length === 0 ? 0 : 1;
}

/**
 * @param {string} name
 * @param {string} path
 */
function program(name, path) {
  return join(dirname(require.resolve(`${name}/package.json`)), path);
}
