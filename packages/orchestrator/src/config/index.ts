import { dirname, resolve } from 'node:path';
import { assemble, nameFromFile } from './assemble.ts';
import { IssueList } from './config-error.ts';
import { readConfigFile } from './config-file.ts';
import { applyOverrides, readOverrides } from './overrides.ts';
import type { Tree } from './source-tree.ts';
import type { SweepConfig } from './sweep-config.ts';
import { readYaml } from './yaml-source.ts';

export { ConfigError, type ConfigIssue } from './config-error.ts';
export { liveOverrides } from './live-overrides.ts';
export { resumeOverrides } from './resume-overrides.ts';
export type * from './sweep-config.ts';

export interface LoadedConfig {
  readonly config: SweepConfig;
  /** The file's text as it is, without what `set` changed. */
  readonly source: string;
  /** Absolute: what paths in the file are relative to. */
  readonly configDir: string;
  /** Things that work and are probably not meant, one sentence each. */
  readonly warnings: readonly string[];
}

export interface LoadOptions {
  /** `key.path=value`, each as after `--set`. */
  readonly set?: readonly string[];
  /** For a verb that trains nothing (ask-tell): `trainer`, `metric` and `run_cap` may be missing. */
  readonly trainerOptional?: boolean;
}

/**
 * Reads and checks a sweep file, and that the files it names are there.
 * @throws ConfigError with everything that is wrong.
 */
export function loadConfig(path: string, options: LoadOptions = {}): LoadedConfig {
  const source = readConfigFile(path);
  return parse(source, path, dirname(resolve(path)), true, options);
}

/**
 * Checks the text of a sweep file; no file is looked up.
 * @param fileName stands in messages; its folder is what paths are relative to, and `.json` says that numbers have no
 *   spelling.
 * @throws ConfigError with everything that is wrong.
 */
export function parseConfig(text: string, fileName: string, options: LoadOptions = {}): LoadedConfig {
  return parse(text, fileName, dirname(resolve(fileName)), false, options);
}

function parse(
  source: string,
  fileName: string,
  configDir: string,
  lookUpFiles: boolean,
  options: LoadOptions,
): LoadedConfig {
  const issues = new IssueList();
  const warnings: string[] = [];
  const read = readYaml(source.replace(/^\uFEFF/, ''), issues, null, /\.json$/i.test(fileName));
  if (read.broken) issues.throwIfAny(fileName);
  const empty: Tree = { kind: 'map', entries: new Map(), place: { line: 1, column: 1, flag: null } };
  const root = applyOverrides(read.tree ?? empty, readOverrides(options.set ?? [], issues), issues);
  const config = assemble(
    root,
    {
      fallbackName: nameFromFile(fileName),
      trainerOptional: options.trainerOptional ?? false,
      configDir: lookUpFiles ? configDir : null,
    },
    issues,
    warnings,
  );
  issues.throwIfAny(fileName);
  // Without issues there is a config; the types can't say so.
  if (config === null) throw new Error('a config without issues was not assembled');
  return { config, source, configDir, warnings };
}
