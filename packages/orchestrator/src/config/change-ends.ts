import { z } from 'zod';
import type { IssueList } from './config-error.ts';
import { objectivesOf } from './metric-lists.ts';
import { applyOverrides, type Override } from './overrides.ts';
import { checkShape } from './schema-issues.ts';
import type { Place, Scalar, Tree } from './source-tree.ts';
import type { SweepConfig, TerminateConfig } from './sweep-config.ts';
import { readTerminate, terminateSchema } from './terminate.ts';

const targetSchema = z.strictObject({ metric: z.strictObject({ target: z.number().nullable() }) });

/** `terminate.…` and `metric.target`: when a sweep ends, not what it searches. */
export function changesEnd({ keyPath }: Override): boolean {
  return /^(?:terminate(?:\.|$)|metric\.target$)/.test(keyPath);
}

/** What `resume --set` changes of what ends the sweep; null takes a condition away. */
export function changeEnds(
  config: Pick<SweepConfig, 'terminate' | 'metric' | 'otherMetrics'>,
  overrides: readonly Override[],
  issues: IssueList,
): Pick<SweepConfig, 'terminate' | 'metric'> {
  const [ofTarget, ofTerminate] = [true, false].map((isTarget) =>
    overrides.filter(({ keyPath }) => (keyPath === 'metric.target') === isTarget),
  );
  return {
    metric: changeTarget(config, ofTarget!, issues),
    terminate: changeTerminate(config, ofTerminate!, issues),
  };
}

function changeTarget(
  config: Pick<SweepConfig, 'metric' | 'otherMetrics'>,
  overrides: readonly Override[],
  issues: IssueList,
): SweepConfig['metric'] {
  const last = overrides.at(-1);
  if (last === undefined) return config.metric;
  if (objectivesOf(config).length > 1) {
    const message =
      'targets of several metrics can’t change while a sweep goes on. Launch a new sweep instead';
    issues.add(last.place, ['metric', 'target'], message);
    return config.metric;
  }
  const file = checkShape(targetSchema, applyOverrides(mapAt(last.place), overrides, issues), [], issues);
  return file === null ? config.metric : { ...config.metric, target: file.metric.target };
}

function changeTerminate(
  { terminate = null, otherMetrics }: Pick<SweepConfig, 'terminate' | 'otherMetrics'>,
  overrides: readonly Override[],
  issues: IssueList,
): TerminateConfig | null {
  const last = overrides.at(-1);
  if (last === undefined) return terminate;
  const before = mapAt(last.place, terminate === null ? {} : { terminate: asInFile(terminate, last.place) });
  const root = withoutNulls(applyOverrides(before, overrides, issues));
  const file = checkShape(z.strictObject({ terminate: terminateSchema.optional() }), root, [], issues);
  // All conditions taken away, one by one, is as good as `terminate=null`.
  if (file?.terminate === undefined || Object.keys(file.terminate).length === 0) return null;
  return readTerminate(file, otherMetrics, root, issues);
}

function asInFile({ stagnation, regret }: TerminateConfig, place: Place): Tree {
  const scalar = (value: Scalar): Tree => ({ kind: 'scalar', value, spelling: null, place });
  return mapAt(place, {
    stagnation: scalar(stagnation),
    ...(regret === null
      ? {}
      : { regret: mapAt(place, { min_trials: scalar(regret.minTrials), noise: scalar(regret.noise) }) }),
  });
}

function mapAt(place: Place, values: Readonly<Record<string, Tree>> = {}): Tree {
  const entries = Object.entries(values).map(([key, value]) => [key, { key: place, value }] as const);
  return { kind: 'map', entries: new Map(entries), place };
}

function withoutNulls(tree: Tree): Tree {
  if (tree.kind !== 'map') return tree;
  const entries = [...tree.entries]
    .filter(([, { value }]) => value.kind !== 'scalar' || value.value !== null)
    .map(([key, entry]) => [key, { ...entry, value: withoutNulls(entry.value) }] as const);
  return { ...tree, entries: new Map(entries) };
}
