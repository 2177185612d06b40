import { describe, it } from 'vitest';
import type { PluginSampler } from '../samplers/plugin.ts';
import type { Space } from '../space/types.ts';
import { type SamplerRuleOptions, samplerRules } from './sampler-rules.ts';

export interface SamplerConformance extends SamplerRuleOptions {
  /** Milliseconds for one rule. @default 120000 */
  readonly timeoutMs?: number;
}

/**
 * What every sampler has to keep to, as vitest tests over random spaces and histories.
 * @param create makes a sampler for one study of this space; called often.
 */
export function describeSampler(
  name: string,
  create: (space: Space) => PluginSampler,
  { timeoutMs: timeout = 120_000, ...options }: SamplerConformance = {},
): void {
  describe(`the sampler ${name}`, () => {
    for (const rule of samplerRules(create, options)) it(rule.name, { timeout }, rule.check);
  });
}
