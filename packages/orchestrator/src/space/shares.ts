/** The index below which a share `u` in [0, 1] of the probabilities lies; never one whose probability is 0. */
export function indexAtShare(probabilities: readonly number[], u: number): number {
  let last = 0;
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i]! <= 0) continue;
    sum += probabilities[i]!;
    if (u < sum) return i;
    last = i;
  }
  // The sum may miss 1 by a rounding error.
  return last;
}
