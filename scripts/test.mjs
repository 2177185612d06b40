// `npm test`: sets up what is missing, then lint, types and every test. Arguments go to `vitest run`.
import { nodeVersionProblem } from './setup/node-version.mjs';

const problem = nodeVersionProblem(process.versions.node);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

// Only now: an old Node could not even read these.
const { prepare } = await import('./setup/prepare.mjs');
const { runChecks } = await import('./testing/run-checks.mjs');

await prepare(['install', 'build', 'redis', 'chromium']);
process.exitCode = await runChecks(process.argv.slice(2));
