import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { io, LayersModel, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';
import { type CheckpointManifest, FILES, FORMAT, joinBuffers, type ModelFile } from './format.ts';

export interface CheckpointContent {
  readonly step: number;
  readonly model: LayersModel;
  readonly extra: unknown;
}

/**
 * Writes `<folder>/checkpoint-<step>/` whole or not at all: into a folder beside it, synced, then renamed. The
 * `model.json` in it is what `tf.loadLayersModel` takes.
 * @returns the name of the new folder
 */
export async function saveCheckpoint(tf: Tf, folder: string, content: CheckpointContent): Promise<string> {
  const name = `checkpoint-${content.step}`;
  const target = join(folder, name);
  const temporary = `${target}.writing-${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });

  const { file, data } = await modelArtifacts(tf, content.model);
  const optimizer = await optimizerArtifacts(tf, content.model);
  const manifest: CheckpointManifest = {
    format: FORMAT,
    step: content.step,
    extra: content.extra ?? null,
    optimizer: optimizer === null ? null : { className: optimizer.className, weights: optimizer.specs },
  };
  await writeSynced(join(temporary, FILES.weights), Buffer.from(data));
  await writeSynced(join(temporary, FILES.model), Buffer.from(JSON.stringify(file)));
  if (optimizer !== null) await writeSynced(join(temporary, FILES.optimizer), Buffer.from(optimizer.data));
  await writeSynced(join(temporary, FILES.manifest), Buffer.from(JSON.stringify(manifest)));
  await syncFolder(temporary);
  await rm(target, { recursive: true, force: true });
  await rename(temporary, target);
  await syncFolder(folder);
  return name;
}

type Specs = io.WeightsManifestEntry[];

async function modelArtifacts(tf: Tf, model: LayersModel): Promise<{ file: ModelFile; data: ArrayBuffer }> {
  const saved: io.ModelArtifacts[] = [];
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved.push(artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const [{ modelTopology, weightSpecs = [], weightData = [], generatedBy = '' }] = saved as [
    io.ModelArtifacts,
  ];
  const file: ModelFile = {
    format: 'layers-model',
    generatedBy,
    convertedBy: null,
    modelTopology: modelTopology as object,
    weightsManifest: [{ paths: [FILES.weights], weights: weightSpecs }],
  };
  return { file, data: joinBuffers(weightData) };
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
