import { IssueList } from './config-error.ts';
import { resumeOverrides } from './resume-overrides.ts';
import type { SweepConfig } from './sweep-config.ts';

/** How many trials share a worker's devices is decided where the worker starts. */
const OF_THE_START = { trialsPerGpu: 'trials_per_gpu', gpusPerTrial: 'gpus_per_trial' } as const;

/**
 * `resumeOverrides` for a sweep whose workers have started.
 * @throws ConfigError, also for what only a new start can change.
 */
export function liveOverrides(config: SweepConfig, set: readonly string[]): SweepConfig {
  const changed = resumeOverrides(config, set);
  const issues = new IssueList();
  for (const key of Object.keys(OF_THE_START) as (keyof typeof OF_THE_START)[]) {
    if (changed.resources[key] === config.resources[key]) continue;
    const path = ['resources', OF_THE_START[key]];
    const command = `tfsweep resume --set ${path.join('.')}=${changed.resources[key]}`;
    issues.add(
      { line: 0, column: 0, flag: '--set' },
      path,
      `holds from the start of a sweep's workers: stop the sweep, then \`${command}\``,
    );
  }
  issues.throwIfAny(config.name);
  return changed;
}
