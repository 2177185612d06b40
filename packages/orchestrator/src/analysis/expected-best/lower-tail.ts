/** The distribution of losses below a threshold: a generalised Pareto distribution of how far they lie below it. */
export interface LowerTail {
  /** Losses above it are not modelled. */
  readonly threshold: number;
  /** Probability of a loss below the threshold. */
  readonly mass: number;
  readonly scale: number;
  /** Below 0: the losses have a lowest end, at threshold + scale / shape. */
  readonly shape: number;
}

const LEAST_EXCEEDANCES = 10;
/** Beyond these a fit to so few losses is chance: -2 is the tail of one parameter near its optimum. */
const SHAPE_RANGE = [-2, 0.5] as const;

/**
 * Fits the lowest losses (peaks over threshold: Pickands 1975) by the quasi-Bayesian estimate of Zhang & Stephens
 * (Technometrics 51, 2009), which exists for every sample and follows short tails, too.
 * @param ascending at least 20 of them finite; infinite ones (no result) at the end
 * @returns null where the lowest losses are all equal: there is no tail to follow
 */
export function fitLowerTail(ascending: Float64Array): LowerTail | null {
  const n = ascending.length;
  const finite = ascending.findLastIndex(Number.isFinite) + 1;
  const count = Math.min(Math.floor(finite / 2), Math.max(LEAST_EXCEEDANCES, Math.ceil(2 * Math.sqrt(n))));
  const threshold = ascending[count]!;
  // The smallest first.
  const exceedances = Float64Array.from({ length: count }, (_, j) => threshold - ascending[count - 1 - j]!);
  const farthest = exceedances[count - 1]!;
  if (!(farthest > 0)) return null;
  const quartile = exceedances[Math.floor(count / 4 + 0.5) - 1]! || exceedances.find((x) => x > 0)!;
  const points = 30 + Math.floor(Math.sqrt(count));
  const thetas = Float64Array.from(
    { length: points },
    (_, j) => 1 / farthest + (1 - Math.sqrt(points / (j + 0.5))) / (3 * quartile),
  );
  const likelihoods = thetas.map((theta) => {
    const k = shapeFor(theta, exceedances);
    return count * (Math.log(theta / k) + k - 1);
  });
  const highest = likelihoods.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = likelihoods.map((likelihood) => Math.exp(likelihood - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const theta = thetas.reduce((sum, value, j) => sum + (weights[j]! / total) * value, 0);
  const k = shapeFor(theta, exceedances);
  const [low, high] = SHAPE_RANGE;
  return { threshold, mass: count / n, scale: k / theta, shape: Math.min(high, Math.max(low, -k)) };
}

/** Zhang & Stephens's k, of the other sign than ours. */
function shapeFor(theta: number, exceedances: Float64Array): number {
  return -exceedances.reduce((sum, x) => sum + Math.log1p(-theta * x), 0) / exceedances.length;
}

/** P(loss < x). @param x at most the threshold */
export function probabilityBelow({ threshold, mass, scale, shape }: LowerTail, x: number): number {
  const exceedance = (threshold - x) / scale;
  if (Math.abs(shape) < 1e-9) return mass * Math.exp(-exceedance);
  const base = 1 + shape * exceedance;
  return base <= 0 ? 0 : mass * base ** (-1 / shape);
}

/** The loss with P(loss < x) = p. @param p above 0, at most `mass` */
export function quantileBelow({ threshold, mass, scale, shape }: LowerTail, p: number): number {
  const ratio = p / mass;
  if (Math.abs(shape) < 1e-9) return threshold + scale * Math.log(ratio);
  return threshold - (scale / shape) * (ratio ** -shape - 1);
}

/** How far below `x` the losses below `x` lie on average; 0 where there are none. @param x at most the threshold */
export function meanBelow({ threshold, scale, shape }: LowerTail, x: number): number {
  return Math.max(0, (scale + shape * (threshold - x)) / (1 - shape));
}
