import type { IssueList, Path } from './config-error.ts';
import type { OuterFile } from './file-schema.ts';
import { placeOf, placeOfKey, type Tree } from './source-tree.ts';
import type { FidelityConfig, TrainerConfig } from './sweep-config.ts';

/** What a trial trains. A declarative trainer's `epochs` and `fidelity.max` are one number: the spec gets it too. */
export interface Training {
  readonly trainer: TrainerConfig | null;
  readonly fidelity: FidelityConfig | null;
}

/** Steps of a whole trial; null where nobody says. */
export function longestTrial({ trainer, fidelity }: Training): number | null {
  const epochs = trainer?.kind === 'declarative' ? trainer.spec.epochs : undefined;
  return fidelity?.max ?? (typeof epochs === 'number' ? epochs : null);
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
