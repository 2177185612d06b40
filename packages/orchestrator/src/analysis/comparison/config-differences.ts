import type { SweepConfig } from '../../config/sweep-config.ts';
import { describeCondition } from '../../space/conditions.ts';
import { describeDistribution } from '../../space/describe-distribution.ts';

export interface ConfigDifference {
  /** Where in the sweep file: `sampler.type`, `parameters.units` … */
  readonly path: string;
  /** One per config, as text; null where the config has nothing there. */
  readonly values: ReadonlyArray<string | null>;
}

/** What tells the configs apart, apart from their names and descriptions, in the order of the first that has it. */
export function configDifferences(configs: readonly SweepConfig[]): ConfigDifference[] {
  const flat = configs.map(flatten);
  const paths = new Set(flat.flatMap((config) => [...config.keys()]));
  return [...paths].flatMap((path) => {
    const values = flat.map((config) => config.get(path) ?? null);
    return values.every((value) => value === values[0]) ? [] : [{ path, values }];
  });
}

function flatten({ name, description, parameters, ...rest }: SweepConfig): Map<string, string> {
  const entries = new Map<string, string>();
  visit(rest, [], entries);
  for (const { name, distribution, when, prior } of parameters) {
    const conditions = when.length > 0 ? ` when ${when.map(describeCondition).join(' and ')}` : '';
    const belief = prior === undefined ? '' : `, prior ${JSON.stringify(prior)}`;
    entries.set(`parameters.${name}`, `${describeDistribution(distribution)}${belief}${conditions}`);
  }
  return entries;
}

function visit(value: unknown, path: readonly string[], into: Map<string, string>): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') into.set(path.join('.'), String(value));
  else if (Array.isArray(value)) {
    if (value.length > 0) into.set(path.join('.'), JSON.stringify(value));
  } else for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key], into);
}
