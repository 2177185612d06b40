import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import { TfsweepError } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../backends/tf.ts';
import { FILES, manifestSchema, modelSchema } from './format.ts';
import type { OptimizerState } from './optimizer-state.ts';

export class CheckpointUnreadableError extends TfsweepError {
  constructor(folder: string, cause: unknown) {
    super('CHECKPOINT_UNREADABLE', `The checkpoint in ${folder} can't be read.`, { cause });
  }
}

export interface StoredCheckpoint {
  readonly step: number;
  /** Not compiled. */
  readonly model: LayersModel;
  readonly extra: unknown;
  readonly optimizer: OptimizerState | null;
}

/** @throws CheckpointUnreadableError where the folder is missing, incomplete or of another format */
export async function loadCheckpoint(tf: Tf, folder: string): Promise<StoredCheckpoint> {
  try {
    const manifest = manifestSchema.parse(await readJson(join(folder, FILES.manifest)));
    const { modelTopology, weightsManifest } = modelSchema.parse(await readJson(join(folder, FILES.model)));
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: await readBytes(join(folder, FILES.weights)),
      }),
    );
    const optimizer =
      manifest.optimizer === null
        ? null
        : {
            className: manifest.optimizer.className,
            specs: manifest.optimizer.weights,
            data: await readBytes(join(folder, FILES.optimizer)),
          };
    return { step: manifest.step, model, extra: manifest.extra, optimizer };
  } catch (cause) {
    throw new CheckpointUnreadableError(folder, cause);
  }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function readBytes(path: string): Promise<ArrayBuffer> {
  const bytes = await readFile(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
