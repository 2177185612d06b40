// CPU time of importance, partial dependence and expected best, by trials and parameters.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { table } from './markdown.mjs';

const ROWS = [
  { what: 'ped-anova', trials: 1_000, params: 20 },
  { what: 'ped-anova', trials: 10_000, params: 20 },
  { what: 'fanova', trials: 1_000, params: 20 },
  { what: 'fanova', trials: 10_000, params: 20 },
  { what: 'slices', trials: 10_000, params: 20 },
  { what: 'expected best', trials: 10_000, params: 4 },
];

export const usage = `
CPU time of the analysis of made-up sweeps: continuous, logarithmic, whole and categorical parameters, an eighth of
them under a condition.
`;

export function measure(say) {
  const script = fileURLToPath(new URL('./analysis/cost.mjs', import.meta.url));
  const rows = ROWS.map((row) => {
    say(`${row.what}, ${row.trials} trials …`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, JSON.stringify(row)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return { ...row, ...JSON.parse(stdout) };
  });
  return { rows };
}

/** @param {any} figures */
export function render({ rows }) {
  const body = rows.map(({ what, trials, params, first_cpu_ms, cpu_ms }) =>
    [what, trials.toLocaleString('en'), params, first_cpu_ms, cpu_ms].map(String),
  );
  return `${table(['analysis', 'trials', 'parameters', 'CPU ms, first call', 'CPU ms, median of 5'], body)}\n`;
}
