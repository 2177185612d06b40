import { join } from 'node:path';
import { buildPackages } from './build.mjs';
import { endChildrenOnSignals } from './child.mjs';
import { bringChromium } from './chromium.mjs';
import { installDependencies } from './install.mjs';
import { acquireLock } from './lock.mjs';
import { nodeVersionProblem } from './node-version.mjs';
import { SETUP_DIR } from './paths.mjs';
import { bringRedis } from './redis.mjs';
import { say } from './say.mjs';
import { SetupError } from './setup-error.mjs';

const STEPS = {
  install: installDependencies,
  build: buildPackages,
  redis: bringRedis,
  chromium: bringChromium,
};

/**
 * Carries out these steps of set-up, in their order, each only where something has changed. One set-up at a time works
 * in a clone. Ends the process with a message where a step fails.
 * @param {readonly (keyof typeof STEPS)[]} steps
 */
export async function prepare(steps) {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== null) fail(problem);
  const stopListening = endChildrenOnSignals();
  try {
    const release = await acquireLock(join(SETUP_DIR, 'lock'), (pid) =>
      say(`Another set-up works in this folder (process ${pid}): waiting for it to end.`),
    );
    for (const step of steps) await STEPS[step]();
    release();
  } catch (error) {
    fail(error instanceof SetupError ? error.message : error);
  } finally {
    stopListening();
  }
}

/**
 * @param {unknown} problem
 * @returns {never}
 */
function fail(problem) {
  say(problem instanceof Error ? problem.stack : String(problem));
  process.exit(1);
}
