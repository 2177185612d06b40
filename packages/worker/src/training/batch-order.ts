import { seededRandom } from '../data/seeded-random.ts';

/** Numbers 0 to `count - 1`, shuffled (Fisher and Yates). */
export function shuffled(count: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Spreads the epochs of one trial over the seeds, so that neighbouring seeds and epochs share none. */
const EPOCH_STRIDE = 0x9e3779b1;

/**
 * The random numbers of an epoch come from the trial's seed and the epoch alone: a trial that goes on from a checkpoint
 * sees the batches and dropout masks that it would have seen without a break.
 */
export function randomOfEpoch(seed: number, epoch: number): () => number {
  return seededRandom((seed + Math.imul(epoch, EPOCH_STRIDE)) >>> 0);
}
