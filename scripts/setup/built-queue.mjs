import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { executablesOnPath, ROOT } from './paths.mjs';

/**
 * What the orchestrator's own build offers for finding and bringing programs: set-up runs after the build.
 * @returns {Promise<typeof import('../../packages/orchestrator/src/queue/index.ts')>}
 */
export function loadBuiltQueue() {
  return import(pathToFileURL(join(ROOT, 'packages/orchestrator/dist/queue/index.js')).href);
}

/** Debian, Ubuntu and what descends from them: there the distribution's own packages can be unpacked without root. */
export function hasDebianPackages() {
  return ['apt-get', 'dpkg'].every((name) => executablesOnPath([name]).length > 0);
}
