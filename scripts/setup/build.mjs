import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runLogged } from './child.mjs';
import { packageManagerEnv } from './package-manager-env.mjs';
import { ROOT, SETUP_DIR } from './paths.mjs';
import { fileContents, fileStates, fingerprintOf, Stamp } from './stamp.mjs';
import { runStep } from './step.mjs';

const STAMP = 'build';
const DASHBOARD = join(ROOT, 'packages', 'dashboard');

/** What a build must have left behind; tsc alone would not notice that somebody removed it. */
const OUTPUTS = [
  'packages/orchestrator/dist/cli/main.js',
  'packages/worker/dist/agent/index.js',
  'packages/dashboard/dist/server/index.js',
  'packages/dashboard/dist/web/index.html',
];

/** Compiles the three packages and bundles the dashboard's page, if a source has changed since the last time. */
export async function buildPackages() {
  const whole = isBuildWhole();
  await runStep({
    folder: SETUP_DIR,
    name: STAMP,
    announce: 'Building the packages and the dashboard’s page (about ten seconds)',
    fingerprint: sourcesFingerprint(),
    isThere: isBuildWhole,
    work: async () => {
      const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
      await runNode('compiling', [compiler, '-b', ...(whole ? [] : ['--force'])], ROOT);
      const vite = createRequire(join(DASHBOARD, 'package.json')).resolve('vite/package.json');
      await runNode('bundling', [join(dirname(vite), 'bin', 'vite.js'), 'build'], DASHBOARD);
    },
  });
}

/** @returns {'missing' | 'older than its sources' | 'fresh'} */
export function buildState() {
  if (!isBuildWhole()) return 'missing';
  return new Stamp(SETUP_DIR, STAMP).matches(sourcesFingerprint()) ? 'fresh' : 'older than its sources';
}

function isBuildWhole() {
  return OUTPUTS.every((output) => existsSync(join(ROOT, output)));
}

/** Sources and settings of every package; tests are no part of the build. */
function sourcesFingerprint() {
  const packages = readdirSync(join(ROOT, 'packages')).sort();
  const inputs = packages.flatMap((name) =>
    readdirSync(join(ROOT, 'packages', name))
      .filter((entry) => entry !== 'dist' && entry !== 'node_modules')
      .map((entry) => `packages/${name}/${entry}`),
  );
  return fingerprintOf([
    ...fileStates(ROOT, inputs.sort(), (path) => !/\.test\.tsx?$/.test(path)),
    ...fileContents(ROOT, ['tsconfig.json', 'tsconfig.base.json', 'pnpm-lock.yaml']),
  ]);
}

/**
 * @param {'compiling' | 'bundling'} what
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function runNode(what, args, cwd) {
  return runLogged(process.execPath, args, {
    cwd,
    env: packageManagerEnv(process.env),
    log: join(SETUP_DIR, `${what}.log`),
    what,
  });
}
