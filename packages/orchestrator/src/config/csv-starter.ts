import type { Column, CsvProfile } from './csv-profile.ts';

export interface CsvPlan {
  readonly target: string;
  readonly task: 'multiclass' | 'binary' | 'regression';
  /** Columns that are no features, and why. */
  readonly excluded: ReadonlyArray<{ readonly name: string; readonly reason: string }>;
}

/** Names that people give to what is to be predicted. */
const TARGET_NAMES = /^(target|label|class|y|outcome|species|quality)$/i;
const ID_NAMES = /^(id|index|row|key|uuid|unnamed.*)$|_id$/i;
/** A whole number with more values than this is a quantity, not a class. */
const MAX_CLASSES = 20;

/** Which column is predicted, as what, and which ones can't help. */
export function planCsv({ columns, rows }: CsvProfile): CsvPlan {
  const target = columns.find((column) => TARGET_NAMES.test(column.name)) ?? columns.at(-1)!;
  const excluded = columns
    .filter((column) => column !== target)
    .flatMap((column) => {
      const reason = uselessness(column, rows);
      return reason === null ? [] : [{ name: column.name, reason }];
    });
  return { target: target.name, task: taskFor(target), excluded };
}

function taskFor(target: Column): CsvPlan['task'] {
  if (target.isNumeric && (!target.isWhole || target.distinct > MAX_CLASSES)) return 'regression';
  return target.distinct === 2 ? 'binary' : 'multiclass';
}

function uselessness(column: Column, rows: number): string | null {
  if (column.distinct <= 1) return 'the same value in every row';
  if (column.distinct === rows && (ID_NAMES.test(column.name) || column.name === '')) return 'a row number';
  return !column.isNumeric && column.distinct > MAX_CLASSES ? `a text with ${column.distinct} values` : null;
}

/** A declarative sweep over a CSV file. @param csvPath relative to the sweep file, with `/`. */
export function csvSweepYaml(name: string, csvPath: string, profile: CsvProfile, plan: CsvPlan): string {
  const metric =
    plan.task === 'regression' ? '{name: val_loss, goal: minimize}' : '{name: val_accuracy, goal: maximize}';
  const delimiter = profile.delimiter === ',' ? '' : `\n    delimiter: ${JSON.stringify(profile.delimiter)}`;
  const features = profile.columns.length - 1 - plan.excluded.length;
  const rows = profile.isComplete ? `${profile.rows} rows` : `more than ${profile.rows} rows`;
  return `# yaml-language-server: $schema=./tfsweep.schema.json
# Predicts ${JSON.stringify(plan.target)} from ${features} other columns of ${csvPath} (${rows}).
# Check task, target and exclude below: they are guessed from the file.
#   tfsweep validate sweep.yaml     says what is wrong with this file
#   tfsweep launch sweep.yaml       runs the sweep
name: ${name}
seed: 1

trainer:
  task: ${plan.task}                    # multiclass, binary or regression
  dataset:
    csv: ${JSON.stringify(csvPath)}
    target: ${JSON.stringify(plan.target)}${delimiter}
    ${excludeLine(plan)}
    validation: 0.2                     # this share of the rows judges the model
  model: {type: mlp, hidden: [$units, $units], dropout: $dropout}
  optimizer: {type: adam, learning_rate: $learning_rate}
  batch_size: $batch_size

metric: ${metric}
method: bayes
parameters:
  units: {values: [8, 16, 32, 64]}
  dropout: {min: 0.0, max: 0.5}
  learning_rate: {distribution: log_uniform_values, min: 1.0e-4, max: 0.1, prior: 0.01}
  batch_size: {values: [16, 32, 64]}

fidelity: {unit: epochs, min: 3, max: 27}
early_terminate: {type: asha, eta: 3}   # ends trials that do badly
run_cap: 20                             # trials in all
# budget: {wallclock: 10m, trial_wallclock: 2m, max_failed: 5}
`;
}

function excludeLine({ excluded }: CsvPlan): string {
  if (excluded.length === 0) return 'exclude: []                         # columns that are not used';
  const reasons = excluded.map(({ name, reason }) => `${JSON.stringify(name)}: ${reason}`).join('; ');
  return `exclude: [${excluded.map(({ name }) => JSON.stringify(name)).join(', ')}]   # ${reasons.replaceAll('\n', ' ')}`;
}
