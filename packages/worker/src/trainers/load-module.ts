import { createRequire } from 'node:module';
import { dirname, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti, type Jiti } from 'jiti';
import type { Tf } from '../backends/tf.ts';
import * as api from './api.ts';
import { type AnyTrainer, isTrainer } from './api.ts';
import { TrainerLoadError } from './errors.ts';
import { ownFrame } from './own-frame.ts';

const require = createRequire(import.meta.url);

export interface ModuleToLoad {
  readonly path: string;
  /** Folder that the module's own files lie in: errors name places relative to it. */
  readonly rootDir: string;
  /** For transpiled TypeScript; made when it is needed. */
  readonly cacheDir: string;
}

/**
 * Imports a user's trainer, TypeScript or JavaScript, ESM or CommonJS. TensorFlow.js and our own API are handed to it
 * from this process; everything else is found from its folder. TypeScript is transpiled without a type check.
 * @throws TrainerLoadError with the place in the user's file where there is one
 */
export async function loadTrainerModule(tf: Tf, module: ModuleToLoad): Promise<AnyTrainer> {
  const name = relative(module.rootDir, module.path);
  let exports: unknown;
  try {
    exports = await importFresh(tf, module);
  } catch (error) {
    throw describeLoadFailure(error, name, module.rootDir);
  }
  const trainer = defaultExport(exports);
  if (trainer === undefined) {
    throw new TrainerLoadError(
      `${name} has no default export. End it with \`export default defineTrainer({ … })\`.`,
      {
        at: name,
      },
    );
  }
  if (!isTrainer(trainer)) {
    throw new TrainerLoadError(
      `The default export of ${name} was not made by \`defineTrainer\` of '@tfsweep/worker/trainer'.`,
      { at: name },
    );
  }
  if (typeof trainer.train !== 'function') {
    throw new TrainerLoadError(`The trainer in ${name} has no function \`train\`.`, { at: name });
  }
  return trainer;
}

async function importFresh(tf: Tf, module: ModuleToLoad): Promise<unknown> {
  const jiti = createJiti(pathToFileURL(module.path).href, {
    fsCache: module.cacheDir,
    interopDefault: false,
    virtualModules: virtualModules(tf),
    alias: aliases(),
  });
  forgetOwnFiles(jiti, module.rootDir);
  return await jiti.import(module.path);
}

/** The file, or one that it imports, may have been edited since this process imported it. */
function forgetOwnFiles(jiti: Jiti, rootDir: string): void {
  const packages = `${sep}node_modules${sep}`;
  for (const path of Object.keys(jiti.cache)) {
    if (path.startsWith(rootDir + sep) && !path.includes(packages)) delete jiti.cache[path];
  }
}

/** A second copy of tfjs would be a second engine, with tensors that the first one does not know. */
function virtualModules(tf: Tf): Record<string, unknown> {
  return {
    '@tensorflow/tfjs': tf,
    '@tensorflow/tfjs-node': tf,
    '@tensorflow/tfjs-node-gpu': tf,
    '@tfsweep/worker/trainer': api,
  };
}

function aliases(): Record<string, string> {
  const fromTfjs = createRequire(require.resolve('@tensorflow/tfjs'));
  const found: Record<string, string> = {};
  for (const part of ['core', 'layers', 'converter', 'data', 'backend-cpu']) {
    found[`@tensorflow/tfjs-${part}`] = fromTfjs.resolve(`@tensorflow/tfjs-${part}`);
  }
  found['@tensorflow/tfjs-backend-wasm'] = require.resolve('@tensorflow/tfjs-backend-wasm');
  return found;
}

/** `module.exports = defineTrainer(…)` has no `default`; transpiled CommonJS may have one inside of another. */
function defaultExport(exports: unknown): unknown {
  if (isTrainer(exports)) return exports;
  const first = (exports as { default?: unknown } | null | undefined)?.default;
  return (first as { default?: unknown } | null | undefined)?.default ?? first;
}

function describeLoadFailure(error: unknown, name: string, rootDir: string): TrainerLoadError {
  const { message, code } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  const missing = /^Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1];
  if (missing !== undefined && (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')) {
    const at = ownFrame(error, rootDir) ?? name;
    const advice =
      missing.startsWith('.') || missing.startsWith('/') ? '' : ` Install it there: npm install ${missing}`;
    const folder = dirname(name) === '.' ? "the trainer's folder" : dirname(name);
    return new TrainerLoadError(`${name} imports ${missing}, which is not found from ${folder}.${advice}`, {
      at,
      cause: error,
    });
  }
  const place = syntaxErrorPlace(message, rootDir) ?? ownFrame(error, rootDir);
  const text = message
    .split('\n')[0]!
    .trim()
    .replaceAll(rootDir + sep, '');
  return new TrainerLoadError(`${name} can't be loaded: ${text}`, { at: place ?? name, cause: error });
}

/** jiti ends the message of a syntax error with `path:line:column`. */
function syntaxErrorPlace(message: string, rootDir: string): string | null {
  const place = /^ParseError:.*\n\s*(\S.*):(\d+):(\d+)\s*$/s.exec(message);
  return place === null ? null : `${relative(rootDir, place[1]!)}:${place[2]}:${place[3]}`;
}
