import type { io } from '@tensorflow/tfjs';
import { z } from 'zod';

export const FORMAT = 'tfsweep-checkpoint-2';
export const FILES = {
  manifest: 'checkpoint.json',
  model: 'model.json',
  weights: 'weights.bin',
  optimizer: 'optimizer.bin',
} as const;

/** Specs are tfjs's own, read back by tfjs alone: only their frame is checked here. */
const specs = z.custom<io.WeightsManifestEntry[]>((value) => Array.isArray(value));

export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  step: z.number().int().min(1),
  extra: z.unknown(),
  optimizer: z.object({ className: z.string(), weights: specs }).nullable(),
});
export type CheckpointManifest = z.infer<typeof manifestSchema>;

/** As `tf.loadLayersModel` takes it from a path or a URL. */
export const modelSchema = z.object({
  format: z.literal('layers-model'),
  generatedBy: z.string(),
  convertedBy: z.null(),
  modelTopology: z.custom<object>((value) => typeof value === 'object' && value !== null),
  weightsManifest: z.tuple([z.object({ paths: z.tuple([z.literal(FILES.weights)]), weights: specs })]),
});
export type ModelFile = z.infer<typeof modelSchema>;

export function joinBuffers(data: ArrayBuffer | ArrayBuffer[]): ArrayBuffer {
  if (!Array.isArray(data)) return data;
  const whole = Buffer.concat(data.map((part) => Buffer.from(part)));
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength) as ArrayBuffer;
}
