/** Weights by which all classes count alike: samples / (classes · samples of the class). An empty class gets 0. */
export function balancedClassWeights(truths: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let i = 0; i < truths.length; i++) counts[truths[i]!]! += 1;
  return counts.map((count) => (count === 0 ? 0 : truths.length / (classes * count)));
}

/** Scaled to a mean of 1, so that weights don't change how long the steps are. @throws RangeError where all are 0 */
export function withMeanOne(weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  if (!(mean > 0)) throw new RangeError('All weights are 0: no sample is left to learn from.');
  return weights.map((weight) => weight / mean);
}
