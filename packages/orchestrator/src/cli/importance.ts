import { Option } from 'commander';
import {
  frontImportance,
  goalOf,
  type ImportanceMethod,
  jsonSafe,
  LEAST_TRIALS_FOR_IMPORTANCE,
  objectiveNames,
  type SweepImportance,
  sweepImportance,
} from '../analysis/index.ts';
import { TfsweepError } from '../errors.ts';
import { openStore, type SweepRow, type TrialRow } from '../store/index.ts';
import { type AddVerb, type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { findSweep } from './find-sweep.ts';
import { importanceLines } from './importance-text.ts';

interface ImportanceFlags extends CommonFlags {
  readonly method: ImportanceMethod;
  readonly metric?: string;
  readonly goal?: 'minimize' | 'maximize';
}

export const addImportanceVerb: AddVerb = (program) => {
  const verb = program
    .command('importance')
    .description('show how much each parameter decides the result')
    .argument('[sweep]', 'name or id of a sweep; the newest when left out')
    .addOption(
      new Option(
        '--method <method>',
        'ped-anova: what gets a trial into the best tenth; fanova: shares of variance',
      )
        .choices(['ped-anova', 'fanova'])
        .default('ped-anova'),
    )
    .option(
      '--metric <name>',
      "a metric that the trials reported (default: the sweep's own; of several, ped-anova takes the Pareto front)",
    )
    .addOption(
      new Option('--goal <goal>', 'what is good of a metric that the sweep does not optimise').choices([
        'minimize',
        'maximize',
      ]),
    )
    .option('--dir <folder>', 'the .tfsweep folder')
    .option('--json', 'print JSON')
    .action((name: string | undefined, flags: ImportanceFlags) => {
      const store = openStore(stateDir(flags), { readonly: true });
      try {
        const sweep = findSweep(store, name);
        const trials = store.trials(sweep.id, { states: ['complete', 'pruned'] });
        const importance = importanceOf(sweep, trials, flags);
        if (flags.json) printJson(jsonSafe(importanceJson(sweep, importance)));
        else for (const line of importanceLines(sweep.name, importance)) printLine(line);
      } finally {
        store.close();
      }
    });
  withExamples(verb, [
    'tfsweep importance',
    'tfsweep importance digits-cnn --method fanova',
    'tfsweep importance digits-cnn --metric val_loss --goal minimize --json',
  ]);
};

function importanceOf(sweep: SweepRow, trials: readonly TrialRow[], flags: ImportanceFlags): SweepImportance {
  const { name, config } = sweep;
  const isFront =
    flags.metric === undefined && flags.method === 'ped-anova' && objectiveNames(config).length > 1;
  const importance = isFront ? frontImportance(config, trials) : importanceFor(sweep, trials, flags);
  if (importance.trials < LEAST_TRIALS_FOR_IMPORTANCE) {
    const where = importance.metric ?? objectiveNames(config).join(' and ');
    throw new TfsweepError(
      'TOO_FEW_TRIALS',
      `Importance takes at least ${LEAST_TRIALS_FOR_IMPORTANCE} finished trials with a result in ${where}; ${name} has ${importance.trials}. ` +
        `Let it run on, or raise its run_cap: \`tfsweep resume ${name} --set run_cap=N\`.`,
    );
  }
  if (importance.parameters.length === 0) {
    throw new TfsweepError('NOTHING_VARIES', `${name} has no parameter that varies: all are constants.`);
  }
  return importance;
}

function importanceFor(
  sweep: SweepRow,
  trials: readonly TrialRow[],
  { method, metric, goal }: ImportanceFlags,
): SweepImportance {
  const { config } = sweep;
  const name = metric ?? config.metric.name;
  checkMetric(sweep, trials, name);
  const known = goalOf(config, name) ?? goal;
  if (known === undefined && method === 'ped-anova') {
    throw new TfsweepError(
      'GOAL_NEEDED',
      `${sweep.name} does not optimise ${name}, so it is not known what is good of it. Add --goal minimize or --goal maximize.`,
      { exitCode: 2 },
    );
  }
  return sweepImportance(config, trials, { method, metric: name, goal: known ?? 'minimize' });
}

function checkMetric({ name, config }: SweepRow, trials: readonly TrialRow[], metric: string): void {
  const known = new Set([config.metric.name]);
  for (const { metrics } of trials) for (const reported of Object.keys(metrics)) known.add(reported);
  if (known.has(metric)) return;
  throw new TfsweepError(
    'UNKNOWN_METRIC',
    `No trial of ${name} has a metric ${metric}. There are: ${[...known].join(', ')}.`,
    { exitCode: 2 },
  );
}

function importanceJson(sweep: SweepRow, importance: SweepImportance): unknown {
  const { method, metric, goal, trials, best, pruned, dropped, imputed, rSquared, isKnown } = importance;
  return {
    sweep: sweep.name,
    method,
    metric,
    goal,
    ...(metric === null && { front_of: objectiveNames(sweep.config) }),
    trials,
    best,
    pruned,
    dropped,
    imputed,
    known: isKnown,
    r_squared: rSquared,
    parameters: importance.parameters,
    interactions: importance.interactions,
  };
}
