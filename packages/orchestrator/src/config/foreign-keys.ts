import type { Path } from './config-error.ts';
import { schedulersWith } from './scheduler-schema.ts';

/**
 * Keys of W&B that have another form here, and keys of the design that are not built yet: what to write instead. The
 * pattern is matched against the key's whole path.
 */
const SENTENCES: ReadonlyArray<{ readonly path: RegExp; readonly message: string }> = [
  {
    path: /^program$/,
    message:
      "`program` is W&B's; write `trainer: {module: ./train.ts}` (TypeScript or JavaScript, run by the workers)",
  },
  {
    path: /^command$/,
    message:
      "`command` is W&B's; a trainer is a module here, not a command line: `trainer: {module: ./train.ts, args: {…}}`",
  },
  {
    path: /^project$/,
    message: "`project` is W&B's; sweeps are grouped by their `.tfsweep` folder: `tfsweep --dir FOLDER`",
  },
  { path: /^entity$/, message: "`entity` is W&B's; there are no accounts here, remove it" },
  {
    path: /^controller$/,
    message: "`controller` is W&B's; the sweep is always run by `tfsweep launch`, remove it",
  },
  {
    path: /^epochs$/,
    message: '`epochs` belongs under `trainer:`, or write `fidelity: {unit: epochs, max: …}`',
  },
  {
    path: /^metric\.(max|min)$/,
    message: 'a constraint is an entry of `metrics: [{name: …, goal: …}, {name: …, max: …}]`',
  },
  {
    path: /^metrics?\.(?:\d+\.)?(impute|impute_while_running)$/,
    message: 'not in this version: failed trials have no value',
  },
  { path: /^(model|dataset|optimizer|batch_size|task)$/, message: 'belongs under `trainer:`' },
  { path: /^terminate\.target$/, message: 'the target stands in `metric: {target: …}`' },
  {
    path: /^early_terminate\.wraps\.metric$/,
    message: '`metric` stands beside `type: patience`, for both schedulers',
  },
  {
    path: /^(early_stopping|scheduler)$/,
    message:
      'schedulers stand under `early_terminate:` here; a trial that ends itself has `trainer: {early_stopping: …}`',
  },
  { path: /^(max_trials|n_trials|trials|num_samples)$/, message: 'write `run_cap` for the number of trials' },
  {
    path: /^trainer\.dataset\.(stratify|stratified|group|groups|time)$/,
    message: 'stands in `split: {type: stratified}`, or `group` or `time` with a `column`',
  },
  {
    path: /^trainer\.dataset\.(folds|cross_validation|parquet|images|augment)$/,
    message: 'not in this version; prepare the data beforehand, or write a trainer module',
  },
  {
    path: /^trainer\.(optimizer\.)?(scheduler|lr_schedule|learning_rate_schedule)$/,
    message: 'stands in `optimizer: {schedule: {type: cosine}}` under `trainer:`',
  },
  { path: /^trainer\.class_weight$/, message: 'is spelled `class_weights`' },
  {
    path: /^trainer\.(callbacks)$/,
    message: 'not in this version; write a trainer module for it (`tfsweep init`)',
  },
];

export function foreignKey(parent: Path, key: string): string | null {
  const path = [...parent, key].join('.');
  const sentence = SENTENCES.find((one) => one.path.test(path));
  if (sentence !== undefined) return sentence.message;
  return /^early_terminate(\.wraps)?$/.test(parent.join('.')) ? otherScheduler(key) : null;
}

function otherScheduler(key: string): string | null {
  const types = schedulersWith(key).map((type) => `\`type: ${type}\``);
  if (types.length === 0) return null;
  const last = types.pop()!;
  return `\`${key}\` fits ${types.length === 0 ? last : `${types.join(', ')} and ${last}`} only`;
}
