// `npm start`: sets up what is missing, then launches the sweep in configs/digits.yaml. Arguments go to `tfsweep launch`.
import { nodeVersionProblem } from './setup/node-version.mjs';

const problem = nodeVersionProblem(process.versions.node);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

// Only now: an old Node could not even read these.
const { prepare } = await import('./setup/prepare.mjs');
const { runAttached } = await import('./setup/child.mjs');
const { ROOT } = await import('./setup/paths.mjs');

await prepare(['install', 'build', 'redis']);
const tfsweep = [
  'packages/orchestrator/bin/tfsweep.mjs',
  'launch',
  'configs/digits.yaml',
  ...process.argv.slice(2),
];
process.exitCode = await runAttached(process.execPath, tfsweep, { cwd: ROOT, env: process.env });
