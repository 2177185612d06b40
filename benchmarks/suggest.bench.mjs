// What one ask costs: time by sampler and history, memory of the engine, and Optuna's figures from the same run.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { table } from './markdown.mjs';
import { listOf, UsageError, wholeNumber } from './usage-error.mjs';

const file = (name) => fileURLToPath(new URL(`./suggest/${name}`, import.meta.url));

/**
 * `published`: Optuna 5.0.0rc1's median on a quiet two-core machine; `target`: what ours must reach, in ms or MB.
 * GP asks lie around the number of trials that names the row, so that refits are among them.
 */
const ROWS = [
  {
    name: 'tpe, 1,000 trials, 20 parameters',
    sampler: 'tpe',
    history: 1_000,
    params: 20,
    asks: 100,
    published: 40,
    target: { median: 2 },
  },
  {
    name: 'tpe, 5,000 trials, 20 parameters',
    sampler: 'tpe',
    history: 5_000,
    params: 20,
    asks: 60,
    published: 142,
    target: { median: 10 },
  },
  {
    name: 'gp, 200 trials, 5 parameters',
    sampler: 'gp',
    history: 180,
    params: 5,
    asks: 40,
    published: 242,
    target: { median: 20, p95: 100 },
  },
  {
    name: 'gp, 500 trials, 5 parameters',
    sampler: 'gp',
    history: 480,
    params: 5,
    asks: 40,
    published: 1006,
    target: { median: 100, p95: 500 },
  },
  {
    name: 'auto, 100,000 trials, 20 parameters',
    sampler: 'auto',
    history: 100_000,
    params: 20,
    asks: 40,
    published: null,
    target: { median: 10, held: 200 },
  },
];
/** Optuna's asks take long: fewer of them give as good a median. */
const OPTUNA_ASKS = 12;

export const usage = `
Milliseconds per ask and the engine's memory. With OPTUNA_PYTHON=/path/to/python, one that has optuna (and, for its GP,
torch), Optuna is measured in the same run.
`;

export const options = {
  samplers: { type: 'string', help: 'default: tpe,gp,auto' },
  asks: { type: 'string', help: 'asks per row; default: 40 to 100' },
  optuna: { type: 'string', help: 'the Python that has optuna, instead of OPTUNA_PYTHON' },
};

export function measure(say, given) {
  const wanted = listOf('samplers', given.samplers ?? 'tpe,gp,auto', ['tpe', 'gp', 'auto']);
  const asks = given.asks === undefined ? null : wholeNumber('asks', given.asks);
  const python = given.optuna ?? process.env.OPTUNA_PYTHON;
  const rows = ROWS.filter(({ sampler }) => wanted.includes(sampler)).map((row) => {
    const task = { sampler: row.sampler, history: row.history, params: row.params, asks: asks ?? row.asks };
    say(`${row.name} …`);
    const ours = run(process.execPath, ['--expose-gc', file('ask.mjs'), JSON.stringify(task)]);
    const optuna =
      python === undefined || row.published === null
        ? null
        : run(python, [
            file('optuna_ask.py'),
            JSON.stringify({ ...task, asks: Math.min(task.asks, OPTUNA_ASKS) }),
          ]);
    return {
      name: row.name,
      target: row.target,
      ours,
      optuna_published_ms: row.published,
      optuna,
      ratio_cpu: optuna === null ? null : round(optuna.cpu_ms.median / ours.cpu_ms.median),
      ratio_wall: optuna === null ? null : round(optuna.wall_ms.median / ours.wall_ms.median),
    };
  });
  return { rows };
}

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e8 });
  if (error !== undefined) throw new UsageError(`${program} can't be run: ${error.message}`);
  if (status === 0) return JSON.parse(stdout);
  throw new UsageError(`${program} ended with ${status}:\n${stderr.trim().split('\n').slice(-8).join('\n')}`);
}

const round = (x) => Number(x.toFixed(1));

/** @param {any} figures */
export function render({ rows }) {
  const ms = (x) => (x === null || x === undefined ? '–' : x.toFixed(x < 10 ? 2 : 0));
  const body = rows.map(({ name, target, ours, optuna, optuna_published_ms, ratio_cpu, ratio_wall }) => [
    name,
    `${ms(ours.wall_ms.median)} / ${ms(ours.wall_ms.p95)}`,
    `${ms(ours.cpu_ms.median)} / ${ms(ours.cpu_ms.p95)}`,
    [`${target.median} ms`, target.p95 ? `p95 ${target.p95} ms` : '', target.held ? `${target.held} MB` : '']
      .filter(Boolean)
      .join(', '),
    ours.held_mb.toFixed(1),
    ms(optuna_published_ms),
    optuna === null ? '–' : `${ms(optuna.wall_ms.median)} / ${ms(optuna.cpu_ms.median)}`,
    optuna === null ? '–' : `${ratio_wall} / ${ratio_cpu}`,
  ]);
  return `${table(
    [
      'one ask',
      'wall ms, median / p95',
      'CPU ms, median / p95',
      'target',
      'engine holds MB',
      'Optuna, published ms',
      'Optuna here, wall / CPU ms',
      'times faster, wall / CPU',
    ],
    body,
  )}\n`;
}
