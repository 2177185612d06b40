import { writeFileSync } from 'node:fs';
import { Option } from 'commander';
import { jsonSafe, metricValue } from '../analysis/index.ts';
import { TfsweepError } from '../errors.ts';
import { openStore, type SweepRow, type TrialRow } from '../store/index.ts';
import { type AddVerb, type CommonFlags, note, stateDir, withExamples } from './context.ts';
import { csvLine } from './csv.ts';
import { findSweep } from './find-sweep.ts';
import { isoTime } from './iso-time.ts';

interface ExportFlags extends CommonFlags {
  readonly format: 'csv' | 'jsonl';
  readonly out?: string;
}

export const addExportVerb: AddVerb = (program) => {
  const verb = program
    .command('export')
    .description('write all trials of a sweep as CSV or as JSON lines')
    .argument('[sweep]', 'name or id of a sweep; the newest when left out')
    .addOption(new Option('--format <format>', 'csv or jsonl').choices(['csv', 'jsonl']).default('csv'))
    .option('--out <file>', 'write to this file instead of standard output')
    .option('--dir <folder>', 'the .tfsweep folder')
    .action((name: string | undefined, flags: ExportFlags) => {
      const store = openStore(stateDir(flags), { readonly: true });
      try {
        const sweep = findSweep(store, name);
        const trials = store.trials(sweep.id);
        write(flags.format === 'csv' ? toCsv(sweep, trials) : toJsonLines(trials), flags.out);
        if (flags.out !== undefined) note(`${trials.length} trials of ${sweep.name} are in ${flags.out}.`);
      } finally {
        store.close();
      }
    });
  withExamples(verb, [
    'tfsweep export > trials.csv',
    'tfsweep export digits-cnn --format jsonl --out trials.jsonl',
  ]);
};

/** Besides parameters and metrics; the order is that of the columns. */
const FACTS: Readonly<Record<string, (trial: TrialRow) => string | number | null>> = {
  number: (trial) => trial.number,
  state: (trial) => trial.state,
  value: (trial) => trial.value,
  last_value: (trial) => trial.lastValue,
  step: (trial) => trial.step,
  duration_s: (trial) => trial.durationSeconds,
  attempts: (trial) => trial.attempts,
  worker: (trial) => trial.worker,
  backend: (trial) => trial.backend,
  sampler: (trial) => trial.sampler,
  retry_of: (trial) => trial.retryOf,
  reason: (trial) => trial.reason,
  error: (trial) => trial.error?.message ?? null,
  created_at: (trial) => isoTime(trial.createdAt),
  started_at: (trial) => isoTime(trial.startedAt),
  finished_at: (trial) => isoTime(trial.finishedAt),
};

function toCsv(sweep: SweepRow, trials: readonly TrialRow[]): string {
  const params = new Set(sweep.config.parameters.map(({ name }) => name));
  const metrics = new Set<string>();
  for (const trial of trials) {
    for (const name of Object.keys(trial.params)) params.add(name);
    for (const name of Object.keys(trial.metrics)) metrics.add(name);
  }
  const others = sweep.config.otherMetrics.map(({ name }) => name);
  const titles = (others.length === 0 ? [] : ['violation', ...others.map((name) => `value.${name}`)])
    .concat([...params].map((name) => `param.${name}`))
    .concat([...metrics].map((name) => `metric.${name}`));
  const lines = [csvLine([...Object.keys(FACTS), ...titles])];
  for (const trial of trials) {
    lines.push(
      csvLine([
        ...Object.values(FACTS).map((fact) => fact(trial)),
        ...(others.length === 0 ? [] : [trial.violation]),
        ...others.map((name) => metricValue(trial, sweep.config, name)),
        ...[...params].map((name) => (Object.hasOwn(trial.params, name) ? String(trial.params[name]) : null)),
        ...[...metrics].map((name) => trial.metrics[name] ?? null),
      ]),
    );
  }
  return lines.join('');
}

/** With the whole error, its stack included. */
function toJsonLines(trials: readonly TrialRow[]): string {
  const lines = trials.map((trial) => {
    const facts = Object.fromEntries(Object.entries(FACTS).map(([name, fact]) => [name, fact(trial)]));
    const { params, metrics, values, violation, error } = trial;
    const several = values === null ? {} : { values, violation };
    return `${JSON.stringify(jsonSafe({ ...facts, ...several, error, params, metrics }))}\n`;
  });
  return lines.join('');
}

function write(text: string, file: string | undefined): void {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new TfsweepError('EXPORT_FAILED', `${file} cannot be written: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
