import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';
import { type CheckpointManifest, FILES, FORMAT, joinBuffers } from './format.ts';

export interface CheckpointContent {
  readonly step: number;
  readonly model: LayersModel;
  readonly extra: unknown;
}

/**
 * Writes `<folder>/checkpoint-<step>/` whole or not at all: into a folder beside it, synced, then renamed.
 * @returns the name of the new folder
 */
export async function saveCheckpoint(tf: Tf, folder: string, content: CheckpointContent): Promise<string> {
  const name = `checkpoint-${content.step}`;
  const target = join(folder, name);
  const temporary = `${target}.writing-${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });

  const { topology, weights } = await modelArtifacts(tf, content.model);
  const optimizer = await optimizerArtifacts(tf, content.model);
  const manifest: CheckpointManifest = {
    format: FORMAT,
    step: content.step,
    extra: content.extra ?? null,
    topology,
    weights: weights.specs,
    optimizer: optimizer === null ? null : { className: optimizer.className, weights: optimizer.specs },
  };
  await writeSynced(join(temporary, FILES.weights), Buffer.from(weights.data));
  if (optimizer !== null) await writeSynced(join(temporary, FILES.optimizer), Buffer.from(optimizer.data));
  await writeSynced(join(temporary, FILES.manifest), Buffer.from(JSON.stringify(manifest)));
  await syncFolder(temporary);
  await rm(target, { recursive: true, force: true });
  await rename(temporary, target);
  await syncFolder(folder);
  return name;
}

type Specs = CheckpointManifest['weights'];

interface ModelArtifacts {
  readonly topology: object;
  readonly weights: { readonly specs: Specs; readonly data: ArrayBuffer };
}

async function modelArtifacts(tf: Tf, model: LayersModel): Promise<ModelArtifacts> {
  const saved: ModelArtifacts[] = [];
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const data = joinBuffers(artifacts.weightData ?? new ArrayBuffer(0));
      saved.push({
        topology: artifacts.modelTopology as object,
        weights: { specs: artifacts.weightSpecs ?? [], data },
      });
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return saved[0]!;
}

/** null: nothing is compiled, or tfjs can't save the state of this kind of optimiser (Adamax). */
async function optimizerArtifacts(
  tf: Tf,
  model: LayersModel,
): Promise<{ className: string; specs: Specs; data: ArrayBuffer } | null> {
  const { optimizer } = model;
  if (optimizer === undefined || optimizer === null) return null;
  let weights: Array<{ name: string; tensor: Tensor }>;
  try {
    weights = await optimizer.getWeights();
  } catch {
    return null;
  }
  const { data, specs } = await tf.io.encodeWeights(weights);
  // The counter of iterations is made for this call; all else is the optimiser's own.
  weights[0]?.tensor.dispose();
  return { className: optimizer.getClassName(), specs, data };
}

async function writeSynced(path: string, content: Buffer): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; there a rename is as durable as it gets.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
