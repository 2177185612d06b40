import { TfsweepError } from '../errors.ts';
import { activeParameters } from '../space/conditions.ts';
import { checkPoint } from '../space/points.ts';
import { SpaceError } from '../space/space-error.ts';
import type { Params, Space } from '../space/types.ts';
import type { AskContext, Sampler, Suggestion } from './sampler.ts';

export type SamplerOptions = Readonly<Record<string, unknown>>;

/** What a plugin's `create` returns: a sampler, whose name is the plugin's. */
export type PluginSampler = Omit<Sampler, 'name'>;

/** A sampler of a user's own, as `defineSampler` makes it. */
export interface SamplerPlugin {
  readonly kind: 'tfsweep-sampler';
  /** Stands in each trial's record. */
  readonly name: string;
  /** @throws whatever it likes where the options or the space do not suit it: the message is shown. */
  create(space: Space, options: SamplerOptions): PluginSampler;
}

/** A sampler of a user's own that broke the rules or threw. */
export class SamplerPluginError extends TfsweepError {
  constructor(name: string, message: string, options: { cause?: unknown } = {}) {
    super('SAMPLER_PLUGIN', `The sampler \`${name}\` ${message}`, { exitCode: 2, ...options });
  }
}

/**
 * Defines a sampler. `create` is called once per study; its `suggest` gets the history and must draw all its chance
 * from `context.rng`, so that (config, seed, history) decide everything. `describeSampler` of
 * `@tfsweep/orchestrator/testing` tests that.
 * @throws SamplerPluginError when there is no name or no `create`.
 */
export function defineSampler(definition: {
  readonly name: string;
  create(space: Space, options: SamplerOptions): PluginSampler;
}): SamplerPlugin {
  const { name } = definition;
  if (typeof name !== 'string' || !/^\S.*$/.test(name) || name.length > MAX_NAME) {
    throw new SamplerPluginError(String(name), `needs a name of 1 to ${MAX_NAME} characters.`);
  }
  if (typeof definition.create !== 'function') {
    throw new SamplerPluginError(name, 'has no function `create(space, options)`.');
  }
  return { kind: 'tfsweep-sampler', name, create: (space, options) => definition.create(space, options) };
}

const MAX_NAME = 60;

export function isSamplerPlugin(value: unknown): value is SamplerPlugin {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tfsweep-sampler';
}

/**
 * The plugin's sampler for one study. What it suggests is checked before it becomes a trial.
 * @throws SamplerPluginError when `create` throws or returns no sampler; `suggest` throws it too.
 */
export function createPluginSampler(space: Space, plugin: SamplerPlugin, options: SamplerOptions): Sampler {
  const { name } = plugin;
  const sampler = guard(name, "can't be made", () => plugin.create(space, options));
  if (typeof (sampler as Partial<PluginSampler> | null | undefined)?.suggest !== 'function') {
    throw new SamplerPluginError(name, 'has no function `suggest`: `create` must return one in an object.');
  }
  return {
    name,
    suggest: (context) => {
      const suggestion = guard(name, 'threw', () => sampler.suggest(context));
      if (suggestion !== null) checkSuggestion(name, suggestion, context);
      return suggestion;
    },
    ...(sampler.left === undefined ? {} : { left: sampler.left.bind(sampler) }),
    ...(sampler.complete === undefined ? {} : { complete: sampler.complete.bind(sampler) }),
  };
}

function guard<T>(name: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SamplerPluginError(name, `${what}: ${message}`, { cause });
  }
}

function checkSuggestion(
  name: string,
  suggestion: Suggestion | undefined,
  { space, number }: AskContext,
): void {
  const params: Params | undefined = suggestion?.params;
  if (typeof params !== 'object' || params === null) {
    throw new SamplerPluginError(
      name,
      `suggested ${JSON.stringify(suggestion)} for trial ${number}; it must return {params: {…}}, or null at its end.`,
    );
  }
  try {
    checkPoint(space, params);
  } catch (error) {
    if (!(error instanceof SpaceError)) throw error;
    throw new SamplerPluginError(name, `broke the rules in trial ${number}. ${error.message}`, {
      cause: error,
    });
  }
  const active = activeParameters(space, params).map((parameter) => parameter.name);
  const missing = active.find((parameter) => !Object.hasOwn(params, parameter));
  if (missing !== undefined)
    throw new SamplerPluginError(name, `left out \`${missing}\` in trial ${number}, whose conditions hold.`);
  const extra = Object.keys(params).find((parameter) => !active.includes(parameter));
  if (extra !== undefined)
    throw new SamplerPluginError(name, `gave \`${extra}\` in trial ${number}, whose conditions do not hold.`);
}
