import { type ResolvedTrainerSpec, taskMisfits, trainerSpecSchema } from '@tfsweep/orchestrator/protocol';
import { z } from 'zod';
import { TrainerLoadError } from '../errors.ts';

/** @throws TrainerLoadError where a parameter's value does not fit the place that refers to it */
export function readTrainerSpec(resolved: unknown): ResolvedTrainerSpec {
  const result = trainerSpecSchema.safeParse(resolved);
  if (result.success) return result.data;
  throw new TrainerLoadError(
    `The trainer does not work out with this trial's parameters.\n${z.prettifyError(result.error)}`,
  );
}

/** The part of a spec that decides what its data are: trials that share it share them. */
export function dataPart(spec: ResolvedTrainerSpec): Pick<ResolvedTrainerSpec, 'dataset' | 'task'> {
  return { dataset: spec.dataset, task: spec.task };
}

/** @throws TrainerLoadError where loss, metrics or class weights don't fit the task that the data make */
export function checkTask(spec: ResolvedTrainerSpec, task: string): void {
  const [first] = taskMisfits(spec, task);
  if (first === undefined) return;
  throw new TrainerLoadError(
    `The task is ${task}: \`${first.path.filter((key) => typeof key === 'string').join('.')}\` needs ${first.message}.`,
  );
}
