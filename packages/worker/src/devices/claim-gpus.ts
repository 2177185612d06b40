import { type DeviceLock, lockDevice } from './device-lock.ts';
import type { Gpu } from './nvidia-smi.ts';
import { listGpus } from './nvidia-smi.ts';
import { type GpuSelection, GpuUnavailableError, selectGpus } from './select-gpus.ts';

export interface ClaimedGpus {
  readonly gpus: readonly Gpu[];
  /** Indices of GPUs that `all` left out, because another agent has them. */
  readonly heldByOthers: readonly number[];
  release(): Promise<void>;
}

/**
 * Finds the GPUs that are asked for and takes them for this process, until `release`.
 * @throws GpuUnavailableError where one that is named, or every one of `all`, is not there or is another agent's.
 */
export async function claimGpus(
  selection: GpuSelection,
  env: Readonly<NodeJS.ProcessEnv>,
  lockFolder?: string,
): Promise<ClaimedGpus> {
  const present = selection === 'none' ? [] : await listGpus();
  const chosen = selectGpus(present, selection, env.CUDA_VISIBLE_DEVICES);
  const gpus: Gpu[] = [];
  const locks: DeviceLock[] = [];
  const heldByOthers: number[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(locks.splice(0).map((lock) => lock.release()));
  };
  try {
    for (const gpu of chosen) {
      const result = await lockDevice(gpu.uuid, lockFolder);
      if (result.kind === 'taken') {
        gpus.push(gpu);
        locks.push(result.lock);
      } else if (selection === 'all') {
        heldByOthers.push(gpu.index);
      } else {
        throw new GpuUnavailableError(
          `GPU ${gpu.index} (${gpu.name}) is in use by another tfsweep worker (pid ${result.by.pid}). ` +
            'Name other GPUs, or end that worker.',
        );
      }
    }
    if (chosen.length > 0 && gpus.length === 0) {
      throw new GpuUnavailableError(
        `Every GPU of this host (${heldByOthers.join(', ')}) is in use by another tfsweep worker. ` +
          'End that worker, or train on the CPU with --gpus none.',
      );
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { gpus, heldByOthers, release };
}
