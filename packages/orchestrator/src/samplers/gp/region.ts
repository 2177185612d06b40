import type { Region } from './candidates.ts';
import type { Kernel } from './kernel.ts';

/** No side of the box is longer or shorter than the mean side by more than this factor. */
const STRETCH = 4;

export function wholeCube(width: number): Region {
  return { lower: new Float64Array(width), upper: new Float64Array(width).fill(1) };
}

/** A box around a point, longer along columns with long length scales; `side` is the geometric mean of its sides. */
export function boxAround(centre: Float64Array, side: number, kernel: Kernel): Region {
  const scales = localScales(kernel).subarray(0, kernel.shape.ownColumns);
  const numbers = [...scales.keys()].filter((c) => kernel.shape.isChoice[c] === 0);
  const mean = numbers.reduce((sum, c) => sum + Math.log(scales[c]!), 0) / Math.max(1, numbers.length);
  const half = scales.map((scale) => {
    const stretch = Math.min(STRETCH, Math.max(1 / STRETCH, scale / Math.exp(mean)));
    return 0.5 * side * stretch;
  });
  return {
    lower: centre.map((x, c) => Math.max(0, x - half[c]!)),
    upper: centre.map((x, c) => Math.min(1, x + half[c]!)),
  };
}

/** The distance over which the whole kernel falls off near 0, per column. */
function localScales({ shape, weights, rates, variance }: Kernel): Float64Array {
  const curvature = new Float64Array(shape.isChoice.length);
  for (const [t, term] of shape.terms.entries())
    for (let k = 0; k < term.length; k++)
      curvature[term[k]!] =
        curvature[term[k]!]! + (weights[t]! / variance) * rates[shape.offsets[t]! + k]! ** 2;
  return curvature.map((square) => 1 / Math.sqrt(square));
}
