import type { z } from 'zod';
import { type ClassWeights, type LossSpec, lossMisfit } from './loss.ts';
import { metricMisfit, type TrainerMetric } from './metrics.ts';

interface TaskSpec {
  readonly dataset: object;
  readonly task?: string | undefined;
  readonly metrics?: readonly TrainerMetric[] | undefined;
  readonly loss?: LossSpec | undefined;
  readonly class_weights?: ClassWeights | undefined;
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
  { metrics = [], loss, class_weights }: Omit<TaskSpec, 'dataset' | 'task'>,
  task: string,
): Array<{ readonly path: Array<string | number>; readonly message: string }> {
  const found = metrics.map((metric, i) => ({ path: ['metrics', i], message: metricMisfit(metric, task) }));
  if (loss !== undefined) found.push({ path: ['loss', 'type'], message: lossMisfit(loss.type, task) });
  if (class_weights !== undefined && task === 'regression') {
    found.push({ path: ['class_weights'], message: 'no class weights: a regression has no classes' });
  }
  return found.filter((one): one is typeof one & { message: string } => one.message !== null);
}
