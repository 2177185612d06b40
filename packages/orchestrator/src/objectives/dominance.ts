/** The losses of one point, one per objective, lower is better; infinite ones are allowed, NaN is not. */
export type Losses = ArrayLike<number>;

/** Whether `a` is nowhere worse than `b` and somewhere better (Pareto dominance). Both have the same length. */
export function dominates(a: Losses, b: Losses): boolean {
  let better = false;
  for (let m = 0; m < a.length; m++) {
    if (a[m]! > b[m]!) return false;
    if (a[m]! < b[m]!) better = true;
  }
  return better;
}
