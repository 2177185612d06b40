// usage: OPTUNA_PYTHON=… node benchmarks/make-optuna-moved.mjs     writes reference/optuna-moved.json
// Optuna's TPE (100 trials) and GP (50) on the instances of the benchmark's part `moved`. About 20 minutes of CPU.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canBeMoved, placementOf } from '@tfsweep/orchestrator/problems';
import { PROBLEM_NAMES } from './reference.mjs';
import { problemOfJob } from './search/job.mjs';

const INSTANCES = 4;
const RUNS = [
  { sampler: 'tpe', seeds: 5, trials: 100 },
  { sampler: 'gp', seeds: 2, trials: 50 },
];
const OUT = new URL('./reference/optuna-moved.json', import.meta.url);
const SCRIPT = fileURLToPath(new URL('./python/optuna_moved.py', import.meta.url));

const python = process.env.OPTUNA_PYTHON;
if (python === undefined) {
  console.error('OPTUNA_PYTHON must name a Python that has optuna and torch.');
  process.exit(2);
}

const instances = PROBLEM_NAMES.flatMap((problem) => {
  const original = problemOfJob({ problem, instance: null });
  if (!canBeMoved(original)) return [];
  return Array.from({ length: INSTANCES }, (_, i) => ({
    name: `${problem}/${i + 1}`,
    problem,
    ...placementOf(original, { seed: i + 1, rotate: true }),
  }));
});

const samplers = {};
for (const { sampler, seeds, trials } of RUNS) {
  const input = JSON.stringify({ instances, sampler, seeds, trials });
  const { status, stdout } = spawnSync(python, [SCRIPT], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(`${python} ended with ${status}`);
  samplers[sampler] = JSON.parse(stdout);
}
writeFileSync(OUT, `${JSON.stringify(samplers)}\n`);
console.error(`${fileURLToPath(OUT)}: ${readFileSync(OUT).length} bytes`);
