/**
 * How far an opinion on trials that have finished since agrees with their results, from Spearman's correlation between
 * the two orders: 0 from -0.25 down, 1 from 0.25 up, between them linear. 1 where there is nothing to compare.
 *
 * @param opinions one per trial, higher is better; the trials best first.
 */
export function trustIn(opinions: ArrayLike<number>): number {
  const count = opinions.length;
  if (count < 2) return 1;
  const ranks = descendingRanks(opinions);
  const middle = (count - 1) / 2;
  let [product, squares] = [0, 0];
  for (let r = 0; r < count; r++) {
    product += (r - middle) * (ranks[r]! - middle);
    squares += (ranks[r]! - middle) ** 2;
  }
  if (squares === 0) return 1;
  const correlation = product / Math.sqrt(squares * ((count * (count * count - 1)) / 12));
  return Math.min(1, Math.max(0, 0.5 + 2 * correlation));
}

/** Places in descending order, from 0; equal values share the mean of theirs. */
function descendingRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let i = from; i <= to; i++) ranks[order[i]!] = (from + to) / 2;
    from = to + 1;
  }
  return ranks;
}
