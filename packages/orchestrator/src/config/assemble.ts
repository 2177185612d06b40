import type { IssueList, Path } from './config-error.ts';
import { parseDuration } from './durations.ts';
import { DEVICE_FAULTS, type OuterFile, outerSchema, sweepName } from './file-schema.ts';
import { readMetrics } from './metrics.ts';
import { readParameters } from './parameters.ts';
import { representativeParams } from './representative-params.ts';
import { readScheduler } from './scheduler.ts';
import { checkShape } from './schema-issues.ts';
import { checkRunCap, readSearchPlan } from './search-plan.ts';
import { placeOf, type Tree, toPlain } from './source-tree.ts';
import type { SweepConfig } from './sweep-config.ts';
import { readTerminate } from './terminate.ts';
import { readTrainer } from './trainer.ts';
import { checkTrainerFiles } from './trainer-files.ts';
import { checkMetricIsMeasured } from './trainer-metrics.ts';
import { readTraining } from './training.ts';
import { checkPoints, checkSweeps } from './warm-start.ts';

export interface AssembleOptions {
  /** Used where the file gives no name. */
  readonly fallbackName: string;
  readonly trainerOptional: boolean;
  /** Where the trainer's files are looked for; null: nowhere. */
  readonly configDir: string | null;
}

const DEFAULT_BACKOFF_MS = 5_000;
const DEFAULT_STOP_GRACE_MS = 5_000;
const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_LAG = 4;

/**
 * Checks the whole tree and makes the config of it; all errors go to `issues`.
 * @returns null when there are any.
 */
export function assemble(
  root: Tree,
  options: AssembleOptions,
  issues: IssueList,
  warnings: string[],
): SweepConfig | null {
  if (root.kind !== 'map') {
    issues.add(root.place, [], 'expected a map of keys such as `trainer`, `metric` and `parameters`');
    return null;
  }
  const shape = checkShape(outerSchema, root, [], issues);
  const file = shape ?? soundSections(root);
  const space = readParameters(root, issues, warnings);
  if (!issues.touches(['parameters'])) {
    for (const name of representativeParams(space).impossible) {
      warnings.push(`parameters.${name}: is never there, its conditions exclude each other`);
    }
  }
  const declared = readTrainer(root, space, options.trainerOptional, issues);
  if (declared !== null) checkTrainerFiles(declared, root, options.configDir, issues);
  checkMetricIsMeasured(file, declared, root, issues);
  const training = readTraining(file, declared, root, issues);
  const metrics =
    issues.touches(['metric']) || issues.touches(['metrics'])
      ? null
      : readMetrics(file, options.trainerOptional, root, issues, warnings);
  const objectives = metrics && [metrics.metric, ...metrics.otherMetrics].filter((one) => 'goal' in one);
  const names = objectives?.map(({ name }) => name) ?? null;
  const earlyTerminate = readScheduler(file, training, names, root, issues, warnings);
  const terminate = readTerminate(file, metrics?.otherMetrics ?? [], root, issues);
  const { method, sampler } = readSearchPlan(file, space, root, options.configDir, issues);
  if (!options.trainerOptional && !issues.touches(['run_cap'])) checkRunCap(file, method, root, issues);
  checkRetryPatterns(file, root, issues);
  const points = file.warm_start?.points ?? [];
  checkPoints(points, space, root, issues);
  if (file.run_cap !== undefined && points.length > file.run_cap) {
    warnings.push(
      `warm_start.points: ${points.length} points, but \`run_cap\` ends the sweep after ${file.run_cap}`,
    );
  }
  const sweeps = file.warm_start?.sweeps ?? [];
  checkSweeps(sweeps, root, issues);
  const reproducible = readOrder(file, warnings);
  if (!issues.isEmpty || shape === null || metrics === null) return null;
  return {
    name: file.name ?? options.fallbackName,
    description: file.description ?? null,
    seed: file.seed ?? 0,
    trainer: training.trainer,
    method,
    sampler,
    ...metrics,
    parameters: space,
    fidelity: training.fidelity,
    earlyTerminate,
    terminate,
    reproducible,
    fixed: {},
    runCap: file.run_cap ?? null,
    ...limitsOf(file),
    checkpoints: file.checkpoints
      ? { every: file.checkpoints.every ?? 1, keep: file.checkpoints.keep ?? ['best', 'latest'] }
      : null,
    warmStart: { points, sweeps, ifMissing: file.warm_start?.if_missing ?? 'error' },
  };
}

/** Settled once: a `max_concurrent` that changes later does not change what the trials follow from. */
function readOrder(
  { reproducible, resources }: Pick<OuterFile, 'reproducible' | 'resources'>,
  warnings: string[],
): SweepConfig['reproducible'] {
  if (reproducible === undefined || reproducible === false) return null;
  const given = reproducible === true ? undefined : reproducible.lag;
  const lag = given ?? resources?.max_concurrent ?? DEFAULT_LAG;
  if ((resources?.max_concurrent ?? 0) > lag)
    warnings.push(`reproducible: at most ${lag} trials run at once, whatever \`max_concurrent\` says`);
  return { lag };
}

/** Budgets, resources and the like: what says how the work is done, not what is searched. */
export function limitsOf(
  file: Pick<OuterFile, 'budget' | 'resources' | 'retry' | 'stop_grace'>,
): Pick<SweepConfig, 'budget' | 'resources' | 'retry' | 'stopGraceMs'> {
  const milliseconds = (text: string | undefined): number | null =>
    text === undefined ? null : parseDuration(text);
  return {
    budget: {
      wallclockMs: milliseconds(file.budget?.wallclock),
      trialWallclockMs: milliseconds(file.budget?.trial_wallclock),
      maxFailed: file.budget?.max_failed ?? null,
      gpuHours: file.budget?.gpu_hours ?? null,
    },
    resources: {
      maxConcurrent: file.resources?.max_concurrent ?? null,
      trialsPerGpu: file.resources?.trials_per_gpu ?? 1,
      gpusPerTrial: file.resources?.gpus_per_trial ?? 'auto',
      priority: file.resources?.priority ?? 1,
    },
    retry: {
      maxAttempts: file.retry?.max_attempts ?? DEFAULT_MAX_ATTEMPTS,
      backoffMs: milliseconds(file.retry?.backoff) ?? DEFAULT_BACKOFF_MS,
      on: file.retry?.on ?? [],
      never: file.retry?.never ?? [],
      elsewhere: file.retry?.elsewhere ?? DEVICE_FAULTS,
    },
    stopGraceMs: milliseconds(file.stop_grace) ?? DEFAULT_STOP_GRACE_MS,
  };
}

/** The sections whose shape is right, so that what lies between sections is checked even where another one is wrong. */
function soundSections(root: Tree & { kind: 'map' }): OuterFile {
  const sound: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(outerSchema.shape)) {
    const part = root.entries.get(key)?.value;
    if (part === undefined) continue;
    const result = schema.safeParse(toPlain(part));
    if (result.success) sound[key] = result.data;
  }
  return sound as OuterFile;
}

export function checkRetryPatterns(file: Pick<OuterFile, 'retry'>, root: Tree, issues: IssueList): void {
  for (const key of ['on', 'never', 'elsewhere'] as const) {
    file.retry?.[key]?.forEach((pattern, i) => {
      const path: Path = ['retry', key, i];
      try {
        new RegExp(pattern);
      } catch (error) {
        issues.add(placeOf(root, path), path, `not a regular expression: ${(error as Error).message}`);
      }
    });
  }
}

/** The file's name as the sweep's, as far as it may be one. */
export function nameFromFile(fileName: string): string {
  const base = fileName.split(/[\\/]/).at(-1) ?? '';
  const name = base
    .replace(/\.(ya?ml|json)$/i, '')
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100);
  return sweepName.safeParse(name).success ? name : 'sweep';
}
