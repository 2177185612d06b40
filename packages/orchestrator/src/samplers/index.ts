import type { SamplerConfig, SweepConfig } from '../config/sweep-config.ts';
import type { Space } from '../space/types.ts';
import { createAutoSampler } from './auto.ts';
import { createCmaesSampler } from './cmaes.ts';
import { createGpSampler } from './gp.ts';
import { createGridSampler } from './grid.ts';
import { createNsga2Sampler } from './nsga2.ts';
import {
  checkAutoOptions,
  checkCmaesOptions,
  checkGpOptions,
  checkNoOptions,
  checkNsga2Options,
  checkTpeOptions,
  SamplerOptionError,
} from './options.ts';
import { createPluginSampler, type SamplerPlugin, SamplerPluginError } from './plugin.ts';
import { createRandomSampler } from './random.ts';
import type { Sampler } from './sampler.ts';
import { createSobolSampler } from './sobol.ts';
import { createTpeSampler } from './tpe.ts';

/**
 * The sampler that a sweep asks for. `auto` follows the method: grid, random, or a choice for each trial with `bayes`.
 * @param plugin what `type: module` stands for, loaded.
 * @throws SamplerPluginError for a plugin that fails, SamplerOptionError for wrong options, SpaceError for a space that has no grid.
 */
export function createSampler(
  space: Space,
  method: SweepConfig['method'],
  { type, options, module }: SamplerConfig,
  plugin: SamplerPlugin | null = null,
): Sampler {
  const chosen = type === 'auto' ? AUTO[method] : type;
  switch (chosen) {
    case 'module':
      if (plugin === null) throw new SamplerPluginError(module ?? '?', 'is a module that nobody has loaded.');
      return createPluginSampler(space, plugin, options);
    case 'grid':
      checkNoOptions(chosen, options);
      return createGridSampler(space);
    case 'random':
      checkNoOptions(chosen, options);
      return createRandomSampler();
    case 'sobol':
      checkNoOptions(chosen, options);
      return createSobolSampler();
    case 'gp':
      return createGpSampler(space, checkGpOptions(type, options));
    case 'cmaes':
      return createCmaesSampler(space, checkCmaesOptions(options));
    case 'nsga2':
      return createNsga2Sampler(space, checkNsga2Options(options));
    case 'tpe':
      return createTpeSampler(space, checkTpeOptions(type, options));
    case 'auto':
      return createAutoSampler(space, checkAutoOptions(type, options));
    default:
      throw new SamplerOptionError(`There is no sampler \`${String(chosen satisfies never)}\`.`);
  }
}

const AUTO = { grid: 'grid', random: 'random', bayes: 'auto' } as const;
