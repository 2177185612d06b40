import type { IssueList, Path } from './config-error.ts';
import type { OuterFile } from './file-schema.ts';
import { descend, placeOf, placeOfKey, type Tree, toPlain } from './source-tree.ts';
import type { FidelityConfig, SchedulerConfig, TrainerConfig } from './sweep-config.ts';

/** What a trial trains. A declarative trainer's `epochs` and `fidelity.max` are one number: the spec gets it too. */
export interface Training {
  readonly trainer: TrainerConfig | null;
  readonly fidelity: FidelityConfig | null;
}

export function readTraining(
  file: OuterFile,
  trainer: TrainerConfig | null,
  root: Tree,
  issues: IssueList,
): Training {
  const declared = trainer?.kind === 'declarative' ? trainer.spec.epochs : undefined;
  if (file.fidelity === undefined) {
    if (trainer?.kind === 'declarative' && declared === undefined) {
      issues.add(
        placeOfKey(root, ['trainer']),
        ['trainer'],
        'does not say how long to train: add `epochs: 10` here, or `fidelity: {unit: epochs, min: 1, max: 10}`',
      );
    }
    return { trainer, fidelity: null };
  }
  const { unit = 'epochs', min = 1 } = file.fidelity;
  const report = (path: Path, message: string): void => issues.add(placeOf(root, path), path, message);
  if (trainer?.kind === 'declarative' && unit !== 'epochs') {
    report(['fidelity', 'unit'], 'a declarative trainer counts `epochs`; steps are for a trainer module');
  }
  const max = file.fidelity.max ?? (typeof declared === 'number' ? declared : undefined);
  if (max === undefined) {
    issues.add(
      placeOfKey(root, ['fidelity']),
      ['fidelity'],
      'required key `max` is missing: expected the whole number of steps that a trial trains',
    );
    return { trainer, fidelity: null };
  }
  if (declared !== undefined && declared !== max) {
    const line = placeOf(root, ['fidelity', 'max']).line;
    const value = JSON.stringify(declared);
    report(
      ['trainer', 'epochs'],
      `\`epochs\` is ${value} and \`fidelity.max\` (line ${line}) is ${max}; they say the same thing, keep one`,
    );
  }
  if (min > max) report(['fidelity', 'min'], `\`min\` is ${min}, more than \`max\`, ${max}`);
  const fidelity: FidelityConfig = { unit, min, max };
  if (trainer?.kind !== 'declarative') return { trainer, fidelity };
  return { trainer: { kind: 'declarative', spec: { ...trainer.spec, epochs: max } }, fidelity };
}

const DEFAULT_ETA = 3;
const DEFAULT_STARTUP_TRIALS = 5;

export function readScheduler(
  file: OuterFile,
  training: Training,
  root: Tree,
  issues: IssueList,
  warnings: string[],
): SchedulerConfig | null {
  const raw = file.early_terminate;
  if (raw === undefined) return null;
  const { fidelity, trainer } = training;
  const epochs = trainer?.kind === 'declarative' ? trainer.spec.epochs : undefined;
  const longest = fidelity?.max ?? (typeof epochs === 'number' ? epochs : null);
  if (raw.type === 'median') {
    const warmupSteps = raw.warmup_steps ?? Math.max(0, (fidelity?.min ?? 1) - 1);
    checkReach('warmup_steps', warmupSteps + 1, longest, root, issues, warnings);
    return { type: 'median', startupTrials: raw.startup_trials ?? DEFAULT_STARTUP_TRIALS, warmupSteps };
  }
  const eta = raw.eta ?? DEFAULT_ETA;
  const maxIter = raw.max_iter ?? longest;
  if (raw.max_iter !== undefined && longest !== null && raw.max_iter > longest) {
    report(root, issues, 'max_iter', `a trial trains ${longest} steps; \`max_iter\` is ${raw.max_iter}`);
  }
  let minIter = raw.min_iter ?? fidelity?.min ?? 1;
  if (raw.type === 'hyperband' && raw.s !== undefined) {
    const first = firstBracket(raw.s, maxIter, eta, root, issues);
    if (raw.min_iter === undefined && first !== null) minIter = first;
  }
  if (maxIter !== null && minIter > maxIter) {
    report(root, issues, 'min_iter', `the first rung is at step ${minIter}, beyond the last one, ${maxIter}`);
  } else {
    checkReach('min_iter', minIter, longest, root, issues, warnings);
  }
  if (raw.type === 'asha') return { type: 'asha', minIter, maxIter, eta };
  return { type: 'hyperband', minIter, maxIter, eta, s: raw.s ?? null, strict: raw.strict ?? false };
}

/** W&B: `s` brackets end at max_iter, each `eta` times shorter than the next. */
function firstBracket(
  s: number,
  maxIter: number | null,
  eta: number,
  root: Tree,
  issues: IssueList,
): number | null {
  if (maxIter === null) {
    report(root, issues, 's', '`s` counts brackets down from `max_iter`; give `max_iter`, or `fidelity`');
    return null;
  }
  const first = Math.floor(maxIter / eta ** s);
  if (first >= 1) return first;
  report(
    root,
    issues,
    's',
    `${s} brackets do not fit: max_iter / eta^s = ${maxIter} / ${eta}^${s} is less than one step`,
  );
  return null;
}

function checkReach(
  key: string,
  firstStop: number,
  longest: number | null,
  root: Tree,
  issues: IssueList,
  warnings: string[],
): void {
  if (longest === null || firstStop < longest) return;
  const stated = descend(root, ['early_terminate', key]);
  if (stated !== undefined && firstStop > longest) {
    report(
      root,
      issues,
      key,
      `a trial trains ${longest} steps; with ${String(toPlain(stated))} here none can be stopped early`,
    );
  } else {
    warnings.push(
      `early_terminate: a trial trains ${longest} step${longest === 1 ? '' : 's'}, so none can be stopped early`,
    );
  }
}

function report(root: Tree, issues: IssueList, key: string, message: string): void {
  const path = ['early_terminate', key];
  issues.add(placeOf(root, path), path, message);
}
