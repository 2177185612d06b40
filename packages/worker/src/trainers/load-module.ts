import { createRequire } from 'node:module';
import { relative } from 'node:path';
import {
  defaultExport,
  importModule,
  ModuleLoadError,
  type ModuleToLoad,
} from '@tfsweep/orchestrator/modules';
import type { Tf } from '../backends/tf.ts';
import * as losses from '../losses/index.ts';
import * as metrics from '../metrics/index.ts';
import * as optimizers from '../optimizers/index.ts';
import * as api from './api.ts';
import { type AnyTrainer, isTrainer } from './api.ts';
import { TrainerLoadError } from './errors.ts';

export type { ModuleToLoad };

const require = createRequire(import.meta.url);

/**
 * Imports a user's trainer, TypeScript or JavaScript, ESM or CommonJS. TensorFlow.js and our own API are handed to it
 * from this process; everything else is found from its folder. TypeScript is transpiled without a type check.
 * @throws TrainerLoadError with the place in the user's file where there is one
 */
export async function loadTrainerModule(tf: Tf, module: ModuleToLoad): Promise<AnyTrainer> {
  const name = relative(module.rootDir, module.path);
  let exports: unknown;
  try {
    exports = await importModule(module, {
      what: 'trainer',
      virtualModules: virtualModules(tf),
      alias: aliases(),
    });
  } catch (error) {
    if (!(error instanceof ModuleLoadError)) throw error;
    throw new TrainerLoadError(error.message, { at: error.at, cause: error.cause });
  }
  const trainer = defaultExport(exports, isTrainer);
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

/** A second copy of tfjs would be a second engine, with tensors that the first one does not know. */
function virtualModules(tf: Tf): Record<string, unknown> {
  return {
    '@tensorflow/tfjs': tf,
    '@tensorflow/tfjs-node': tf,
    '@tensorflow/tfjs-node-gpu': tf,
    '@tfsweep/worker/trainer': api,
    '@tfsweep/worker/losses': losses,
    '@tfsweep/worker/metrics': metrics,
    '@tfsweep/worker/optimizers': optimizers,
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
