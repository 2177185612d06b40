import { normalCdf, normalQuantile } from '../../space/normal.ts';
import { deviation, type Gaussian } from './gaussian.ts';

/** The part of an axis that belongs to one value, in the unit cube. */
export type Cell = readonly [low: number, high: number];

/** null: the axis is continuous. */
export type CellAt = (position: number) => Cell | null;

/**
 * CMA-ES with margin (Hamano et al. 2022, section 4): each discrete axis is moved and stretched as little as needed for
 * its marginal distribution to keep a share `alpha` outside of the mean's cell, half of it on either side, or all of it
 * towards the inside where the cell is the first or the last one. Without it a discrete parameter freezes as soon as
 * its standard deviation is below the distance between two values.
 *
 * @param cells one per axis.
 */
export function withMargin(state: Gaussian, cells: readonly CellAt[], alpha: number): Gaussian {
  const mean = Float64Array.from(state.mean);
  const stretch = Float64Array.from(state.stretch);
  for (const [j, cellAt] of cells.entries()) {
    const cell = cellAt(mean[j]!);
    if (cell === null) continue;
    const width = deviation(state, j);
    if (cell[0] <= 0 || cell[1] >= 1) mean[j] = nearEnough(mean[j]!, cell, width, alpha);
    else {
      const [moved, widened] = keptOpen(mean[j]!, cell, width, alpha);
      mean[j] = moved;
      stretch[j]! *= widened / width;
    }
  }
  return { ...state, mean, stretch };
}

/** In the first or last cell the mean keeps within reach of the neighbour (equation 9). */
function nearEnough(mean: number, [low, high]: Cell, width: number, alpha: number): number {
  const edge = low <= 0 ? high : low;
  // One cell on the whole axis has no neighbour.
  if (edge >= 1 || edge <= 0) return mean;
  const reach = width * -normalQuantile(alpha);
  return edge + Math.sign(mean - edge) * Math.min(Math.abs(mean - edge), reach);
}

/** Equations 10 to 17: the mean and the standard deviation whose tails on both sides are at least alpha / 2. */
function keptOpen(
  mean: number,
  [low, high]: Cell,
  width: number,
  alpha: number,
): [mean: number, width: number] {
  const below = normalCdf((low - mean) / width);
  const above = normalCdf((mean - high) / width);
  if (below >= alpha / 2 && above >= alpha / 2) return [mean, width];
  const within = 1 - below - above;
  const [raisedBelow, raisedAbove] = [Math.max(alpha / 2, below), Math.max(alpha / 2, above)];
  const sum = raisedBelow + raisedAbove + within;
  // What was raised is taken from where more than alpha / 2 was.
  const spare = sum - 3 * (alpha / 2);
  const share = (p: number): number => p + ((1 - sum) / spare) * (p - alpha / 2);
  const down = -normalQuantile(share(raisedBelow));
  const up = -normalQuantile(share(raisedAbove));
  const newWidth = (high - low) / (down + up);
  return [low + down * newWidth, newWidth];
}
