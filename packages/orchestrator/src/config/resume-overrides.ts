import { z } from 'zod';
import { checkRetryPatterns, limitsOf } from './assemble.ts';
import { changeEnds, changesEnd } from './change-ends.ts';
import { IssueList } from './config-error.ts';
import { budgetSchema, outerSchema, resourcesSchema, retrySchema, runCap, stopGrace } from './file-schema.ts';
import { fixesParameter, readFixed } from './fixed.ts';
import { didYouMean } from './nearest.ts';
import { applyOverrides, readOverrides } from './overrides.ts';
import { checkShape } from './schema-issues.ts';
import type { Tree } from './source-tree.ts';
import type { SweepConfig } from './sweep-config.ts';

/** What may change without changing what is searched. */
const changeable = z.strictObject({
  budget: budgetSchema.optional(),
  resources: resourcesSchema.optional(),
  run_cap: runCap,
  retry: retrySchema.optional(),
  stop_grace: stopGrace,
});

/**
 * The stored config of a sweep with `resume --set` put in.
 * @throws ConfigError for any other key: trials of another space, metric or trainer do not belong on one leaderboard.
 */
export function resumeOverrides(config: SweepConfig, set: readonly string[]): SweepConfig {
  const issues = new IssueList();
  const overrides = readOverrides(set, issues);
  const allowed = [...Object.keys(changeable.shape), 'terminate', 'metric.target', 'fixed'];
  const fixes = overrides.filter(fixesParameter);
  const ends = overrides.filter(changesEnd);
  const sound = overrides.filter((override) => {
    if (fixes.includes(override) || ends.includes(override)) return false;
    const section = override.keyPath.split('.', 1)[0]!;
    if (allowed.includes(section)) return true;
    const isKnown = Object.hasOwn(outerSchema.shape, section);
    const message = isKnown
      ? `\`${section}\` can't change while a sweep goes on, only ${allowed.join(', ')} can. ` +
        'Launch a new sweep instead; with `warm_start.sweeps` it takes over what is known'
      : `unknown key \`${section}\`${didYouMean(section, allowed)}; resume takes ${allowed.join(', ')}`;
    issues.add(override.place, [], message);
    return false;
  });
  const empty: Tree = { kind: 'map', entries: new Map(), place: { line: 0, column: 0, flag: '--set' } };
  const root = applyOverrides(empty, sound, issues);
  const file = checkShape(changeable, root, [], issues);
  if (file !== null) checkRetryPatterns(file, root, issues);
  const fixed = readFixed(config.fixed, fixes, config.parameters, issues);
  const changedEnds = changeEnds(config, ends, issues);
  issues.throwIfAny(config.name);
  if (file === null) return config;
  const limits = limitsOf(file);
  return {
    ...config,
    ...changedEnds,
    fixed,
    runCap: file.run_cap ?? config.runCap,
    budget: given(config.budget, limits.budget, file.budget, {
      wallclockMs: 'wallclock',
      trialWallclockMs: 'trial_wallclock',
      maxFailed: 'max_failed',
      gpuHours: 'gpu_hours',
    }),
    resources: given(config.resources, limits.resources, file.resources, {
      maxConcurrent: 'max_concurrent',
      trialsPerGpu: 'trials_per_gpu',
      gpusPerTrial: 'gpus_per_trial',
      priority: 'priority',
    }),
    retry: given(config.retry, limits.retry, file.retry, {
      maxAttempts: 'max_attempts',
      backoffMs: 'backoff',
      on: 'on',
      never: 'never',
      elsewhere: 'elsewhere',
    }),
    stopGraceMs: file.stop_grace === undefined ? config.stopGraceMs : limits.stopGraceMs,
  };
}

/** The stored section, with the members whose keys are in the flags. */
function given<T extends object>(
  stored: T,
  read: T,
  flags: object | undefined,
  keys: Readonly<Record<keyof T & string, string>>,
): T {
  const result = { ...stored };
  for (const member of Object.keys(keys) as (keyof T & string)[]) {
    if (flags !== undefined && Object.hasOwn(flags, keys[member])) result[member] = read[member];
  }
  return result;
}
