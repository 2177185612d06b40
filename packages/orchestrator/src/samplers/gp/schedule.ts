/** Sizes at which a fit also starts anew, because the landscape of hyperparameters has changed its shape by then. */
const MULTI_STARTS = [10, 25, 50];
/** Ratio of neighbouring sizes in the chain of warm starts. */
const RATIO = 1.25;

export function isMultiStart(size: number): boolean {
  return MULTI_STARTS.includes(size);
}

/** How many of n observations the newest fit has seen: all up to 30, then in steps that grow with the cost of a fit. */
export function fitSize(n: number): number {
  if (n <= 30) return n;
  if (n <= 60) return n - (n % 2);
  if (n <= 100) return n - (n % 5);
  if (n <= 200) return n - (n % 20);
  return n - (n % 50);
}

/** The fit from which the fit of this size starts; 0: from the prior. */
export function chainBefore(size: number): number {
  let before = 0;
  for (let link = 10; link < size; link = Math.max(link + 1, Math.floor(link * RATIO)))
    before = fitSize(link);
  return before < size ? before : 0;
}
