import type { Observation } from './training-data.ts';

/** How far beyond the worse quarter of the losses, in distances from the best to that quarter, losses still count. */
const CLIP = 5;
/** Losses so large that their squares overflow. */
const LARGEST = 1e150;

interface Scale {
  readonly mean: number;
  readonly deviation: number;
  readonly ceiling: number;
}

/**
 * Losses shifted and scaled to mean 0 and variance 1 over the whole trials, every earlier task by itself. What diverged
 * is cut off: one loss of a million would leave nothing between the others.
 */
export function standardise(observations: readonly Observation[]): Float64Array {
  return standardisation(observations).values;
}

/** The same, and how any loss of a whole trial would be shifted and scaled. */
export function standardisation(observations: readonly Observation[]): {
  readonly values: Float64Array;
  readonly ofWhole: (loss: number) => number;
} {
  const scales = new Map<Observation['source'], Scale>();
  const apply = (loss: number, { mean, deviation, ceiling }: Scale): number =>
    (Math.max(-LARGEST, Math.min(loss, ceiling)) - mean) / deviation;
  const scaleFor = (source: Observation['source']): Scale => {
    let scale = scales.get(source);
    if (scale === undefined) {
      scale = scaleOf(observations.filter((o) => groupOf(o.source) === source).map(({ loss }) => loss));
      scales.set(source, scale);
    }
    return scale;
  };
  const values = Float64Array.from(observations, ({ loss, source }) =>
    apply(loss, scaleFor(groupOf(source))),
  );
  return { values, ofWhole: (loss) => apply(loss, scaleFor('whole')) };
}

/** Parts of trials are on the scale of whole ones already. */
function groupOf(source: Observation['source']): Observation['source'] {
  return source === 'part' ? 'whole' : source;
}

function scaleOf(losses: readonly number[]): Scale {
  if (losses.length === 0) return { mean: 0, deviation: 1, ceiling: LARGEST };
  const sorted = losses.map((loss) => Math.max(-LARGEST, Math.min(LARGEST, loss))).sort((a, b) => a - b);
  const best = sorted[0]!;
  const quarter = sorted[Math.floor(0.75 * (sorted.length - 1))]!;
  const ceiling = quarter > best ? quarter + CLIP * (quarter - best) : LARGEST;
  const clipped = sorted.map((loss) => Math.min(loss, ceiling));
  const mean = clipped.reduce((sum, loss) => sum + loss / clipped.length, 0);
  const variance = clipped.reduce((sum, loss) => sum + (loss - mean) ** 2 / clipped.length, 0);
  const deviation = variance > 0 && Number.isFinite(variance) ? Math.sqrt(variance) : 1;
  return { mean, deviation, ceiling };
}
