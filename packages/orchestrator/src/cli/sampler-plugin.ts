import type { SweepConfig } from '../config/index.ts';
import type { SamplerPlugin } from '../samplers/plugin.ts';
import { note } from './context.ts';

/**
 * What `sampler: {module: …}` stands for; null where the sampler is one of our own. Says where the file is no longer
 * what it was when the sweep began.
 * @throws ModuleLoadError when it can't be loaded.
 */
export async function samplerPlugin(config: SweepConfig, configDir: string): Promise<SamplerPlugin | null> {
  if (config.sampler.module === undefined) return null;
  // Only now: the transpiler behind it would delay every verb of every sweep.
  const { loadSampler } = await import('../modules/load-sampler.ts');
  const loaded = await loadSampler(config.sampler, configDir);
  if (loaded?.edited) {
    note(
      `The sampler ${config.sampler.module} was edited since this sweep began: later trials follow it as it is now.`,
    );
  }
  return loaded?.plugin ?? null;
}
