import type { io } from '@tensorflow/tfjs';
import { z } from 'zod';

export const FORMAT = 'tfsweep-checkpoint-1';
export const FILES = {
  manifest: 'checkpoint.json',
  weights: 'weights.bin',
  optimizer: 'optimizer.bin',
} as const;

/** Specs are tfjs's own, read back by tfjs alone: only their frame is checked here. */
const specs = z.custom<io.WeightsManifestEntry[]>((value) => Array.isArray(value));

export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  step: z.number().int().min(1),
  extra: z.unknown(),
  topology: z.custom<object>((value) => typeof value === 'object' && value !== null),
  weights: specs,
  optimizer: z.object({ className: z.string(), weights: specs }).nullable(),
});
export type CheckpointManifest = z.infer<typeof manifestSchema>;

export function joinBuffers(data: ArrayBuffer | ArrayBuffer[]): ArrayBuffer {
  if (!Array.isArray(data)) return data;
  const whole = Buffer.concat(data.map((part) => Buffer.from(part)));
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength) as ArrayBuffer;
}
