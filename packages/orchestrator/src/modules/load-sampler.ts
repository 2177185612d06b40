import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SamplerConfig } from '../config/sweep-config.ts';
import { isSamplerPlugin, type PluginSampler, type SamplerPlugin } from '../samplers/plugin.ts';
import * as study from '../study/index.ts';
import { defaultExport, importModule } from './import-module.ts';
import { ModuleLoadError } from './module-load-error.ts';
import { ownFrame } from './own-frame.ts';

export interface LoadedSampler {
  readonly plugin: SamplerPlugin;
  /** The file is not what it was when the config was read. */
  readonly edited: boolean;
}

/**
 * The plugin behind `sampler: {module: …}`; null where the sampler is one of our own.
 * @param rootDir the sweep file's folder.
 * @throws ModuleLoadError with the place in the user's file where there is one.
 */
export async function loadSampler(config: SamplerConfig, rootDir: string): Promise<LoadedSampler | null> {
  if (config.module === undefined) return null;
  const name = config.module;
  const path = join(rootDir, name);
  const sha256 = hashOf(path, name);
  const exports = await importSampler(path, rootDir);
  const plugin = defaultExport(exports, isSamplerPlugin);
  if (plugin === undefined) {
    throw new ModuleLoadError(
      `${name} has no default export. End it with \`export default defineSampler({ … })\`.`,
      { at: name },
    );
  }
  if (!isSamplerPlugin(plugin)) {
    throw new ModuleLoadError(
      `The default export of ${name} was not made by \`defineSampler\` of '@tfsweep/orchestrator/study'.`,
      { at: name },
    );
  }
  const edited = typeof config.sha256 === 'string' && config.sha256 !== sha256;
  return { plugin: located(plugin, rootDir), edited };
}

async function importSampler(path: string, rootDir: string): Promise<unknown> {
  try {
    return await importModule(
      { path, rootDir, cacheDir: null },
      { what: 'sampler', virtualModules: { '@tfsweep/orchestrator/study': study } },
    );
  } catch (error) {
    if (!(error instanceof ModuleLoadError) || error.at === null || error.message.startsWith(error.at))
      throw error;
    throw new ModuleLoadError(`${error.at}: ${error.message}`, { at: error.at, cause: error.cause });
  }
}

function hashOf(path: string, name: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (cause) {
    throw new ModuleLoadError(
      `The sampler ${name} can't be read: ${path}. \`sampler.module\` is relative to the sweep file.`,
      { at: name, cause },
    );
  }
}

/** The same plugin, whose errors say where in the user's files they were thrown. */
function located(plugin: SamplerPlugin, rootDir: string): SamplerPlugin {
  const at = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const place = ownFrame(error, rootDir);
      if (place === null) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${message} (${place})`, { cause: error });
    }
  };
  return {
    ...plugin,
    create: (space, options) => {
      const sampler = at(() => plugin.create(space, options));
      if (typeof sampler?.suggest !== 'function') return sampler;
      const { left, complete } = sampler;
      return {
        suggest: (context) => at(() => sampler.suggest(context)),
        ...(left === undefined ? {} : { left: (...given) => at(() => left.apply(sampler, given)) }),
        ...(complete === undefined
          ? {}
          : { complete: (...given) => at(() => complete.apply(sampler, given)) }),
      } satisfies PluginSampler;
    },
  };
}
