import { TfsweepError } from '@tfsweep/orchestrator/protocol';
import type { Gpu } from './nvidia-smi.ts';

export type GpuSelection = 'all' | 'none' | readonly number[];

/** The GPUs asked for cannot be had: they are not there, hidden from this process, or in other hands. */
export class GpuUnavailableError extends TfsweepError {
  constructor(message: string) {
    super('GPU_UNAVAILABLE', message, { exitCode: 2 });
  }
}

/**
 * The GPUs to use, in order of index. `all` is what `visible` (the process's own `CUDA_VISIBLE_DEVICES`: what a batch
 * system gave us) leaves of the host's; indices that are named must be among them.
 * @throws GpuUnavailableError
 */
export function selectGpus(
  present: readonly Gpu[],
  selection: GpuSelection,
  visible: string | undefined,
): readonly Gpu[] {
  if (selection === 'none') return [];
  const usable = visibleGpus(present, visible);
  if (selection === 'all') return usable;
  return [...new Set(selection)]
    .sort((a, b) => a - b)
    .map((index) => {
      const gpu = usable.find((candidate) => candidate.index === index);
      if (gpu) return gpu;
      throw new GpuUnavailableError(`--gpus names GPU ${index}: ${whyNot(index, present, usable, visible)}`);
    });
}

function visibleGpus(present: readonly Gpu[], visible: string | undefined): readonly Gpu[] {
  if (visible === undefined) return present;
  const names = visible.split(',').map((name) => name.trim());
  return present.filter((gpu) =>
    names.some(
      (name) => name === String(gpu.index) || (name.startsWith('GPU-') && gpu.uuid.startsWith(name)),
    ),
  );
}

function whyNot(
  index: number,
  present: readonly Gpu[],
  usable: readonly Gpu[],
  visible: string | undefined,
): string {
  if (present.length === 0) {
    return '`nvidia-smi` shows none on this host. Use --gpus none, or see `tfsweep doctor`.';
  }
  const listed = usable.map((gpu) => `${gpu.index} (${gpu.name})`).join(', ') || 'none';
  if (present.some((gpu) => gpu.index === index)) {
    return `CUDA_VISIBLE_DEVICES=${visible} hides it from this process. Visible: ${listed}.`;
  }
  return `this host has ${listed}.`;
}
