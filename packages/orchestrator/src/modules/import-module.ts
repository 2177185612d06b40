import { dirname, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti, type Jiti } from 'jiti';
import { ModuleLoadError } from './module-load-error.ts';
import { ownFrame } from './own-frame.ts';

export interface ModuleToLoad {
  readonly path: string;
  /** Folder that the module's own files lie in: errors name places relative to it. */
  readonly rootDir: string;
  /** For transpiled TypeScript; made when it is needed. null: nothing is written. */
  readonly cacheDir: string | null;
}

/** What a module gets from this process, instead of what lies beside it. */
export interface Surroundings {
  /** `trainer` or `sampler`, for messages. */
  readonly what: string;
  readonly virtualModules: Readonly<Record<string, unknown>>;
  readonly alias?: Readonly<Record<string, string>>;
}

/**
 * Imports a user's module, TypeScript or JavaScript, ESM or CommonJS, as it is now. TypeScript is transpiled without a
 * type check.
 * @throws ModuleLoadError with the place in the user's file where there is one.
 */
export async function importModule(module: ModuleToLoad, surroundings: Surroundings): Promise<unknown> {
  const jiti = createJiti(pathToFileURL(module.path).href, {
    fsCache: module.cacheDir ?? false,
    interopDefault: false,
    virtualModules: { ...surroundings.virtualModules },
    alias: { ...surroundings.alias },
  });
  forgetOwnFiles(jiti, module.rootDir);
  try {
    return await jiti.import(module.path);
  } catch (error) {
    throw describeLoadFailure(
      error,
      relative(module.rootDir, module.path),
      module.rootDir,
      surroundings.what,
    );
  }
}

/** The file, or one that it imports, may have been edited since this process imported it. */
function forgetOwnFiles(jiti: Jiti, rootDir: string): void {
  const packages = `${sep}node_modules${sep}`;
  for (const path of Object.keys(jiti.cache)) {
    if (path.startsWith(rootDir + sep) && !path.includes(packages)) delete jiti.cache[path];
  }
}

/** `module.exports = …` has no `default`; transpiled CommonJS may have one inside of another. */
export function defaultExport(exports: unknown, isIt: (value: unknown) => boolean): unknown {
  if (isIt(exports)) return exports;
  const first = (exports as { default?: unknown } | null | undefined)?.default;
  return (first as { default?: unknown } | null | undefined)?.default ?? first;
}

function describeLoadFailure(error: unknown, name: string, rootDir: string, what: string): ModuleLoadError {
  const { message, code } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  const missing = /^Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1];
  if (missing !== undefined && (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')) {
    const at = ownFrame(error, rootDir) ?? name;
    const advice =
      missing.startsWith('.') || missing.startsWith('/') ? '' : ` Install it there: npm install ${missing}`;
    const folder = dirname(name) === '.' ? `the ${what}'s folder` : dirname(name);
    return new ModuleLoadError(`${name} imports ${missing}, which is not found from ${folder}.${advice}`, {
      at,
      cause: error,
    });
  }
  const place = syntaxErrorPlace(message, rootDir) ?? ownFrame(error, rootDir);
  const text = message
    .split('\n')[0]!
    .trim()
    .replaceAll(rootDir + sep, '');
  return new ModuleLoadError(`${name} can't be loaded: ${text}`, { at: place ?? name, cause: error });
}

/** jiti ends the message of a syntax error with `path:line:column`. */
function syntaxErrorPlace(message: string, rootDir: string): string | null {
  const place = /^ParseError:.*\n\s*(\S.*):(\d+):(\d+)\s*$/s.exec(message);
  return place === null ? null : `${relative(rootDir, place[1]!)}:${place[2]}:${place[3]}`;
}
