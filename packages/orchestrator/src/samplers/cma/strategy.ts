/** The constants of CMA-ES for one dimension and population size, the defaults of Hansen 2016, table 1. */
export interface Strategy {
  readonly dimension: number;
  readonly populationSize: number;
  /** By rank, best first; the positive ones sum to 1, the others are below 0 (active CMA). */
  readonly weights: Float64Array;
  readonly effectiveParents: number;
  readonly stepPathRate: number;
  readonly stepDamping: number;
  readonly pathRate: number;
  readonly rankOneRate: number;
  readonly rankMuRate: number;
  /** Expected length of a standard normal vector. */
  readonly normalLength: number;
}

/** 4 + ⌊3 ln n⌋ (Hansen 2016, equation 48), for at least one dimension. */
export function defaultPopulationSize(dimension: number): number {
  return 4 + Math.floor(3 * Math.log(Math.max(1, dimension)));
}

/** @param dimension at least 1; @param populationSize at least 2. */
export function createStrategy(dimension: number, populationSize: number): Strategy {
  const n = dimension;
  const raw = Float64Array.from(
    { length: populationSize },
    (_, i) => Math.log((populationSize + 1) / 2) - Math.log(i + 1),
  );
  const positive = raw.filter((w) => w > 0);
  const negative = raw.filter((w) => w < 0);
  const mu = effective(positive);
  const rankOneRate = 2 / ((n + 1.3) ** 2 + mu);
  const rankMuRate = Math.min(1 - rankOneRate, (2 * (0.25 + mu + 1 / mu - 2)) / ((n + 2) ** 2 + mu));
  const stepPathRate = (mu + 2) / (n + mu + 5);
  // Equations 50 to 53: the negative weights may not make the covariance matrix indefinite.
  const most = Math.min(
    1 + rankOneRate / rankMuRate,
    1 + (2 * effective(negative)) / (mu + 2),
    (1 - rankOneRate - rankMuRate) / (n * rankMuRate),
  );
  const [above, below] = [sum(positive), -sum(negative)];
  return {
    dimension,
    populationSize,
    weights: raw.map((w) => (w >= 0 ? w / above : (w * Math.max(0, most)) / below)),
    effectiveParents: mu,
    stepPathRate,
    stepDamping: 1 + 2 * Math.max(0, Math.sqrt((mu - 1) / (n + 1)) - 1) + stepPathRate,
    pathRate: (4 + mu / n) / (n + 4 + (2 * mu) / n),
    rankOneRate,
    rankMuRate,
    normalLength: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Variance effective selection mass. */
function effective(weights: Float64Array): number {
  const squares = weights.reduce((total, w) => total + w * w, 0);
  return squares > 0 ? sum(weights) ** 2 / squares : 0;
}
