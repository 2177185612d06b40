import { gridLevels } from '../space/grid.ts';
import { SpaceError } from '../space/space-error.ts';
import type { Space } from '../space/types.ts';
import type { IssueList } from './config-error.ts';
import type { OuterFile } from './file-schema.ts';
import { readSamplerModule } from './sampler-module.ts';
import { placeOf, placeOfKey, type Tree } from './source-tree.ts';
import type { SamplerConfig, SweepConfig } from './sweep-config.ts';

type Method = SweepConfig['method'];

/** Samplers that carry a method out; the first is what `auto` means where it says nothing else. */
const SAMPLERS_OF: Readonly<Record<Method, readonly SamplerConfig['type'][]>> = {
  grid: ['grid'],
  random: ['random', 'sobol'],
  bayes: ['auto', 'tpe', 'gp', 'cmaes', 'nsga2'],
};

type OptionKey = Exclude<keyof NonNullable<OuterFile['sampler']>, 'type' | 'module' | 'options'>;

const COMMON_KEYS: readonly OptionKey[] = ['n_startup_trials', 'centre'];
const GP_KEYS: readonly OptionKey[] = [...COMMON_KEYS, 'input_warping'];
const TPE_KEYS: readonly OptionKey[] = [
  ...COMMON_KEYS,
  'n_ei_candidates',
  'gamma',
  'max_good',
  'max_bad',
  'prior_weight',
];

/** What can be set; samplers that are left out have no options. */
const KEYS_OF: Readonly<Partial<Record<SamplerConfig['type'], readonly OptionKey[]>>> = {
  auto: GP_KEYS,
  tpe: TPE_KEYS,
  gp: GP_KEYS,
  cmaes: ['population_size', 'sigma0', 'restart_strategy'],
  nsga2: ['population_size', 'crossover_prob', 'mutation_prob'],
};

export interface SearchPlan {
  readonly method: Method;
  readonly sampler: SamplerConfig;
}

/** @param configDir where a sampler's module is looked for; null: nowhere. */
export function readSearchPlan(
  file: OuterFile,
  space: Space,
  root: Tree,
  configDir: string | null,
  issues: IssueList,
): SearchPlan {
  if (file.sampler?.module !== undefined) {
    if (file.method !== undefined && file.method !== 'bayes') {
      const message = `a sampler of your own fits \`method: bayes\`, not \`${file.method}\`; leave \`method\` out`;
      issues.add(placeOf(root, ['method']), ['method'], message);
    }
    return { method: 'bayes', sampler: readSamplerModule(file.sampler, root, configDir, issues) };
  }
  const given = file.sampler?.type ?? 'auto';
  const method = file.method ?? methodOf(given);
  const allowed = SAMPLERS_OF[method];
  const type = given === 'auto' ? allowed[0]! : given;
  if (!allowed.includes(type)) {
    const path = ['sampler', 'type'];
    issues.add(
      placeOf(root, path),
      path,
      `\`${type}\` does not fit \`method: ${method}\`, which takes ${['auto', ...allowed.filter((name) => name !== 'auto')].join(', ')}; or write \`method: ${methodOf(type)}\``,
    );
  }
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(file.sampler ?? {})) {
    if (key === 'type' || value === undefined) continue;
    if (KEYS_OF[type]?.includes(key as OptionKey)) {
      options[key] = value;
      continue;
    }
    const path = ['sampler', key];
    if (key === 'options') {
      const message = '`options` goes with `module`; options of our own samplers stand beside `type`';
      issues.add(placeOfKey(root, path), path, message);
      continue;
    }
    const takers = Object.entries(KEYS_OF).filter(
      ([name, keys]) => name !== 'auto' && keys.includes(key as OptionKey),
    );
    const named = takers.map(([name]) => `\`type: ${name}\``).join(', ');
    issues.add(placeOfKey(root, path), path, `\`${key}\` fits ${named} only`);
  }
  if (method === 'grid') checkGrid(space, root, issues);
  return { method, sampler: { type, options } };
}

function methodOf(sampler: SamplerConfig['type']): Method {
  if (sampler === 'grid') return 'grid';
  return sampler === 'random' || sampler === 'sobol' ? 'random' : 'bayes';
}

function checkGrid(space: Space, root: Tree, issues: IssueList): void {
  for (const parameter of space) {
    try {
      gridLevels(parameter);
    } catch (error) {
      if (!(error instanceof SpaceError)) throw error;
      const path = ['parameters', parameter.name];
      issues.add(placeOfKey(root, path), path, error.message);
    }
  }
}

/** A search that never ends by itself is nearly always a forgotten line. */
export function checkRunCap(file: OuterFile, method: Method, root: Tree, issues: IssueList): void {
  if (method === 'grid' || file.run_cap !== undefined || file.budget?.wallclock !== undefined) return;
  const place = placeOfKey(root, [file.method === undefined ? 'sampler' : 'method']);
  issues.add(
    place,
    [],
    `\`run_cap\` is missing: \`method: ${method}\` never ends by itself. Add \`run_cap: 30\`, or \`budget: {wallclock: 10m}\``,
  );
}
