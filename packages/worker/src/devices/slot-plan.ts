import { availableParallelism } from 'node:os';
import { TfsweepError } from '@tfsweep/orchestrator/protocol';
import type { Gpu } from './nvidia-smi.ts';

/** What one slot trains on. */
export interface SlotPlan {
  /** 0, 1, 2 … per worker. */
  readonly index: number;
  /** null: the CPU. */
  readonly gpu: Gpu | null;
  /** 1 for a GPU of its own, less where slots share it, 0 for the CPU. */
  readonly gpuShare: number;
  /** Threads that a native library may compute with, so that all slots together use each core once; null: as it likes. */
  readonly threads: number | null;
}

export interface SlotWish {
  /** null: GPUs × trials per GPU, else one per core. */
  readonly slots: number | null;
  readonly trialsPerGpu: number;
}

/**
 * Spreads the slots over the GPUs, so that few slots use many GPUs.
 * @throws TfsweepError where the numbers are no counts, or more slots are asked for than the GPUs have.
 */
export function planSlots(gpus: readonly Gpu[], wish: SlotWish): readonly SlotPlan[] {
  requireCount('trials per GPU', wish.trialsPerGpu);
  if (wish.slots !== null) requireCount('slots', wish.slots);
  if (gpus.length === 0) {
    const cores = availableParallelism();
    const count = wish.slots ?? cores;
    return plans(count, () => null, Math.max(1, Math.floor(cores / count)));
  }
  const room = gpus.length * wish.trialsPerGpu;
  if (wish.slots !== null && wish.slots > room) {
    throw new TfsweepError(
      'TOO_MANY_SLOTS',
      `${wish.slots} slots need more GPUs than there are: ${gpus.length} with ${wish.trialsPerGpu} per GPU have ` +
        `room for ${room}. Ask for fewer, raise \`resources.trials_per_gpu\`, or train on the CPU with --gpus none.`,
      { exitCode: 2 },
    );
  }
  return plans(wish.slots ?? room, (index) => gpus[index % gpus.length]!, null);
}

function plans(
  count: number,
  gpuOf: (index: number) => Gpu | null,
  threads: number | null,
): readonly SlotPlan[] {
  const gpus = Array.from({ length: count }, (_, index) => gpuOf(index));
  return gpus.map((gpu, index) => {
    const gpuShare = gpu === null ? 0 : 1 / gpus.filter((other) => other === gpu).length;
    return { index, gpu, gpuShare, threads };
  });
}

function requireCount(what: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new TfsweepError('BAD_COUNT', `The number of ${what} must be a whole number from 1, not ${value}.`, {
    exitCode: 2,
  });
}
