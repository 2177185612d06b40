/**
 * The expected lowest of `draws` losses that are drawn from these with replacement: what random search with a smaller
 * budget would have come to (Dodge et al., "Show Your Work", EMNLP 2019, section 3, equation 6). It can't tell what more
 * draws than there are losses would bring: beyond, it only ever approaches the best of them (`expectBest` can).
 * @param losses at least 1; infinite ones (no result) are allowed
 * @param draws at least 1
 */
export function expectedBestOfDraws(losses: readonly number[], draws: number): number {
  const ascending = losses.toSorted((a, b) => a - b);
  const n = ascending.length;
  let expected = 0;
  let tail = 1;
  for (const [rank, loss] of ascending.entries()) {
    const rest = ((n - rank - 1) / n) ** draws;
    // 0 · Infinity is no number, and what is never the best has no part in it.
    if (tail > rest) expected += loss * (tail - rest);
    tail = rest;
  }
  return expected;
}
