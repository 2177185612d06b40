// usage: OPTUNA_PYTHON=… node benchmarks/make-optuna-objectives.mjs [SAMPLER …]     writes reference/optuna-objectives.json
// Optuna's samplers on the problems of the benchmark's part `objectives`; samplers that are not named keep their runs.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { hypervolume } from '@tfsweep/orchestrator/analysis';
import { optunaObjectivesRuns, problemText } from './reference.mjs';
import { OBJECTIVES_PROBLEMS, objectivesProblem } from './search/objectives-problems.mjs';

const RUNS = {
  tpe: { seeds: 10, trials: 100 },
  tpe_mvgroup: { seeds: 10, trials: 100 },
  gp: { seeds: 3, trials: 50 },
};
const OUT = new URL('./reference/optuna-objectives.json', import.meta.url);
const SCRIPT = fileURLToPath(new URL('./python/optuna_objectives.py', import.meta.url));

const python = process.env.OPTUNA_PYTHON;
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(RUNS);
if (python === undefined || wanted.some((sampler) => !Object.hasOwn(RUNS, sampler))) {
  console.error(
    `OPTUNA_PYTHON must name a Python that has optuna and torch; samplers are ${Object.keys(RUNS).join(', ')}.`,
  );
  process.exit(2);
}

/** The problem's space in the format hpo-ref/1. */
function spaceOf(name) {
  if (name.startsWith('conditional14')) return JSON.parse(problemText('conditional14')).space;
  return objectivesProblem(name).space.map(({ name: parameter, distribution: { low, high } }) => ({
    name: parameter,
    type: 'float',
    low,
    high,
  }));
}

/** @returns {Promise<{version: string, curve: number[]}>} minus the hypervolume after each trial, to six digits */
async function search(name, sampler, seed, trials) {
  const { losses, reference } = objectivesProblem(name);
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const read = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`Optuna's ${sampler} ended early on ${name}, seed ${seed}.`);
    return JSON.parse(value);
  };
  const { optuna } = await read();
  send({ space: spaceOf(name), objectives: reference.length, sampler, seed, trials });
  const results = [];
  const curve = [];
  for (let k = 0; k < trials; k++) {
    const values = losses(await read());
    results.push(values);
    curve.push(Number((-hypervolume(results, reference)).toPrecision(6)));
    send(values);
  }
  child.stdin.end();
  await new Promise((resolve) => child.once('close', resolve));
  return { version: optuna, curve };
}

const samplers = optunaObjectivesRuns();
for (const sampler of wanted) {
  const { seeds, trials } = RUNS[sampler];
  const curves = {};
  let version = '';
  for (const name of OBJECTIVES_PROBLEMS) {
    // Groups only tell conditional parameters apart.
    if (sampler === 'tpe_mvgroup' && !name.startsWith('conditional14')) continue;
    curves[name] = [];
    for (let seed = 0; seed < seeds; seed++) {
      const found = await search(name, sampler, seed, trials);
      curves[name].push(found.curve);
      version = found.version;
    }
    console.error(`${sampler} on ${name}`);
  }
  samplers[sampler] = { optuna: version, curves };
  writeFileSync(OUT, `${JSON.stringify(samplers)}\n`);
}
