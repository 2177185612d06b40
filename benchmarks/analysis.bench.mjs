// CPU time of importance, partial dependence and expected best, by trials and parameters; how right the last one is.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { backtest } from './analysis/backtest.mjs';
import { table } from './markdown.mjs';
import { listOf, wholeNumber } from './usage-error.mjs';

const PARTS = /** @type {const} */ (['cost', 'backtest']);

const ROWS = [
  { what: 'ped-anova', trials: 1_000, params: 20 },
  { what: 'ped-anova', trials: 10_000, params: 20 },
  { what: 'fanova', trials: 1_000, params: 20 },
  { what: 'fanova', trials: 10_000, params: 20 },
  { what: 'slices', trials: 10_000, params: 20 },
  { what: 'expected best', trials: 10_000, params: 4 },
];

export const usage = `
Cost: CPU time of the analysis of made-up sweeps: continuous, logarithmic, whole and categorical parameters, an eighth of
them under a condition. Backtest: what is expected of as many trials again, against what they bring, on the reference problems.
`;

export const options = {
  parts: { type: 'string', help: `of ${PARTS.join(', ')}; default: cost` },
  samplers: { type: 'string', help: 'of the backtest; default: random,tpe' },
  seeds: { type: 'string', help: 'searches per problem; default 20' },
  'first-seed': { type: 'string', help: 'default 0' },
  trials: { type: 'string', help: 'trials that are shown, and that follow; default 50,100' },
};

export function measure(say, given) {
  const parts = listOf('parts', given.parts ?? 'cost', PARTS);
  return {
    ...(parts.includes('cost') && { rows: costs(say) }),
    ...(parts.includes('backtest') && { backtest: backtests(say, given) }),
  };
}

function backtests(say, given) {
  const seeds = wholeNumber('seeds', given.seeds ?? '20');
  const firstSeed = wholeNumber('first-seed', given['first-seed'] ?? '0', 0);
  const lengths = (given.trials ?? '50,100').split(',').map((text) => wholeNumber('trials', text, 20));
  return (given.samplers ?? 'random,tpe').split(',').flatMap((sampler) =>
    lengths.map((trials) => {
      say(`backtest of ${sampler}, ${trials} trials …`);
      return backtest({ sampler, trials, more: trials, seeds, firstSeed });
    }),
  );
}

function costs(say) {
  const script = fileURLToPath(new URL('./analysis/cost.mjs', import.meta.url));
  return ROWS.map((row) => {
    say(`${row.what}, ${row.trials} trials …`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, JSON.stringify(row)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return { ...row, ...JSON.parse(stdout) };
  });
}

/** @param {any} figures */
export function render({ rows, backtest: outcomes }) {
  const tables = [];
  if (rows !== undefined) tables.push(costTable(rows));
  if (outcomes !== undefined) tables.push(backtestTable(outcomes));
  return `${tables.join('\n\n')}\n`;
}

function costTable(rows) {
  return table(
    ['analysis', 'trials', 'parameters', 'CPU ms, first call', 'CPU ms, median of 5'],
    rows.map(({ what, trials, params, first_cpu_ms, cpu_ms }) =>
      [what, trials.toLocaleString('en'), params, first_cpu_ms, cpu_ms].map(String),
    ),
  );
}

function backtestTable(outcomes) {
  const percent = (share) => `${Math.round(100 * share)} %`;
  return table(
    [
      'sampler',
      'trials',
      'searches',
      'in the interval',
      'better than it',
      'gain foretold',
      'gain',
      'improves, foretold',
      'improved',
    ],
    outcomes.map((o) => [
      o.sampler,
      `${o.trials} + ${o.more}`,
      String(o.searches),
      percent(o.within),
      percent(o.better),
      o.gain_foretold.toFixed(3),
      o.gain.toFixed(3),
      percent(o.improves_foretold),
      percent(o.improved),
    ]),
  );
}
