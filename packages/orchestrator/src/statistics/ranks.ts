/** Doubled midranks: equal values share the mean of their ranks, and doubling keeps every rank whole. */
export interface DoubledRanks {
  /** One per value, 2..2n. */
  readonly ranks: Int32Array;
  /** Σ t³ − t over the groups of t equal values; 0 without ties. */
  readonly tieTerm: number;
}

export function doubledRanks(values: ArrayLike<number>): DoubledRanks {
  const n = values.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Int32Array(n);
  let tieTerm = 0;
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = from + 1 + to;
    const ties = to - from;
    tieTerm += ties ** 3 - ties;
    from = to;
  }
  return { ranks, tieTerm };
}
