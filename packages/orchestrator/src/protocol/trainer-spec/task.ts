import type { z } from 'zod';
import type { EarlyStoppingSpec } from './early-stopping.ts';
import { type ClassWeights, type LossSpec, lossMisfit } from './loss.ts';
import { DEFAULT_SCORES, isScore, metricMisfit, type TrainerMetric } from './metrics.ts';

interface TaskSpec {
  readonly dataset: object;
  readonly task?: string | undefined;
  readonly metrics?: readonly TrainerMetric[] | undefined;
  readonly loss?: LossSpec | undefined;
  readonly class_weights?: ClassWeights | undefined;
  readonly early_stopping?: EarlyStoppingSpec | undefined;
}

/** What has no use in the task, where the spec itself says the task: that of a table may follow from its data. */
export function checkTask(spec: TaskSpec, context: z.RefinementCtx): void {
  const task = spec.task ?? ('name' in spec.dataset ? 'multiclass' : undefined);
  if (task === undefined) return;
  for (const { path, message } of taskMisfits(spec, task)) {
    context.addIssue({ code: 'custom', path, message });
  }
}

/** What has no use in a task, with what would have. */
export function taskMisfits(
  { metrics, loss, class_weights, early_stopping }: Omit<TaskSpec, 'dataset' | 'task'>,
  task: string,
): Array<{ readonly path: Array<string | number>; readonly message: string }> {
  const found: Array<{ path: Array<string | number>; message: string | null }> = (metrics ?? []).map(
    (metric, i) => ({ path: ['metrics', i], message: metricMisfit(metric, task) }),
  );
  if (loss !== undefined) found.push({ path: ['loss', 'type'], message: lossMisfit(loss.type, task) });
  if (class_weights !== undefined && task === 'regression') {
    found.push({ path: ['class_weights'], message: 'no class weights: a regression has no classes' });
  }
  const monitored = early_stopping?.metric.replace(/^val_/, '') ?? 'loss';
  const measured = ['loss', ...(metrics ?? DEFAULT_SCORES[task as keyof typeof DEFAULT_SCORES])];
  if (!measured.includes(monitored)) {
    const names = measured
      .filter((name) => name === 'loss' || isScore(name))
      .map((name) => `\`val_${name}\``);
    const message = `what is measured (${names.join(', ')}; \`metrics\` adds to it)`;
    found.push({ path: ['early_stopping', 'metric'], message });
  }
  return found.filter(
    (one): one is { path: Array<string | number>; message: string } => one.message !== null,
  );
}
