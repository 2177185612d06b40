import {
  CLASSIFICATION_SCORES,
  CURVES,
  DEFAULT_SCORES,
  MODEL_COSTS,
  REGRESSION_SCORES,
} from '../protocol/trainer-spec/index.ts';
import type { IssueList } from './config-error.ts';
import type { OuterFile } from './file-schema.ts';
import { placeOf, type Tree } from './source-tree.ts';
import type { TrainerConfig } from './sweep-config.ts';

const SCORES: readonly string[] = [...CLASSIFICATION_SCORES, ...REGRESSION_SCORES];
const COSTS: readonly string[] = MODEL_COSTS;

/** A declarative trainer measures what `trainer.metrics` lists: a sweep over anything else would fail at its first trial. */
export function checkMetricIsMeasured(
  file: OuterFile,
  trainer: TrainerConfig | null,
  root: Tree,
  issues: IssueList,
): void {
  if (trainer?.kind !== 'declarative') return;
  const measured = measuredBy(trainer.spec);
  if (measured === null) return;
  const named: Array<readonly [string, readonly (string | number)[]]> = [
    ...(file.metric === undefined ? [] : [[file.metric.name, ['metric', 'name']] as const]),
    ...(file.metrics ?? []).map(({ name }, i) => [name, ['metrics', i, 'name']] as const),
  ];
  for (const [name, path] of named) {
    const score = name.replace(/^val_/, '').replace(/^acc$/, 'accuracy');
    if ((CURVES as readonly string[]).includes(score)) {
      issues.add(
        placeOf(root, path),
        path,
        `\`${score}\` is no number: a search needs one, such as \`val_auc\``,
      );
      continue;
    }
    const known = SCORES.includes(score) || (COSTS.includes(score) && score === name);
    if (!known || measured.includes(score)) continue;
    const list = [...measured, score].join(', ');
    issues.add(
      placeOf(root, path),
      path,
      `\`${name}\` is not measured; write \`metrics: [${list}]\` under \`trainer:\``,
    );
  }
}

/** null: a reference decides. */
function measuredBy({ metrics, task, dataset }: Readonly<Record<string, unknown>>): readonly string[] | null {
  if (Array.isArray(metrics)) {
    return metrics.every((metric) => typeof metric === 'string' && !metric.startsWith('$')) ? metrics : null;
  }
  if (metrics !== undefined) return null;
  if (typeof task === 'string') return DEFAULT_SCORES[task as keyof typeof DEFAULT_SCORES] ?? null;
  const packaged = typeof dataset === 'object' && dataset !== null && 'name' in dataset;
  return packaged
    ? DEFAULT_SCORES.multiclass
    : [...new Set([...DEFAULT_SCORES.binary, ...DEFAULT_SCORES.regression])];
}
