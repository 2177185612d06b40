import type { Distribution, Parameter, Space } from '../../space/types.ts';
import { type AnalysedTrial, finiteLosses } from '../analysed-trials.ts';
import type { Importance, ImportanceOptions } from './importance.ts';
import { countOnGrid, gridOf } from './parzen-grid.ts';
import { densityOnGrid } from './parzen-grid-density.ts';
import { presence, ranked } from './presence.ts';

/** As Optuna 5 has it: the importance of reaching the best tenth. */
const DEFAULT_QUANTILE = 0.1;
/** Fewer trials with a parameter than this carry no density. */
const LEAST_TRIALS = 2;
const FLOOR = 1e-12;

/**
 * PED-ANOVA (Watanabe, Bansal & Hutter, IJCAI 2023): how far the distribution of each parameter among the best trials lies
 * from its distribution among all trials, as Pearson divergence of two Parzen estimators on a grid. Needs nothing but
 * the order of the results, and is the importance of getting into the best `quantile`.
 *
 * A parameter under a condition is judged where it exists (conditional PED-ANOVA, arXiv 2601.20800, theorem 4.2): with a
 * share a of the best and b of all trials having it, its divergence there counts a²/b. The grid, the bandwidth and
 * the ties at the quantile are those of Optuna 5, whose values a test compares.
 */
export function pedAnovaImportance(
  space: Space,
  trials: readonly AnalysedTrial[],
  { goal, quantile = DEFAULT_QUANTILE }: ImportanceOptions,
): Importance {
  if (!(quantile > 0 && quantile < 1))
    throw new RangeError(`quantile must lie between 0 and 1, not ${quantile}`);
  const { params, losses, dropped, imputed } = finiteLosses(trials, goal);
  const varying = space.filter(({ distribution }) => distribution.kind !== 'constant');
  const isBest = bestOf(losses, quantile);
  const best = isBest.filter(Boolean).length;
  const divergence = ({ name, distribution }: Parameter): number => {
    const all = params.flatMap((point, i) =>
      Object.hasOwn(point, name) ? [{ value: point[name]!, isBest: isBest[i]! }] : [],
    );
    const top = all.filter((observed) => observed.isBest);
    if (all.length < LEAST_TRIALS || top.length === 0 || isSingle(distribution)) return 0;
    const grid = gridOf(distribution);
    const values = (observed: typeof all) => observed.map(({ value }) => value);
    const densityOfTop = densityOnGrid(grid, countOnGrid(grid, values(top)));
    const densityOfAll = densityOnGrid(grid, countOnGrid(grid, values(all)));
    const weight = (top.length / best) ** 2 / (all.length / params.length);
    return weight * pearsonDivergence(densityOfTop, densityOfAll);
  };
  const divergences = varying.map(divergence);
  const total = divergences.reduce((sum, value) => sum + value, 0);
  const present = presence(space, params);
  return {
    method: 'ped-anova',
    trials: params.length,
    dropped,
    best,
    imputed,
    parameters: ranked(
      varying.map(({ name }, i) => ({
        name,
        importance: total > 0 ? divergences[i]! / total : 1 / varying.length,
        main: null,
        present: present.get(name)!,
      })),
    ),
    interactions: [],
    rSquared: null,
    isKnown: total > 0,
  };
}

/** The best share of the losses, and all that are as good as the last of them. */
function bestOf(losses: Float64Array, quantile: number): boolean[] {
  const cutoff = losses.toSorted()[Math.ceil(quantile * losses.length) - 1]!;
  return Array.from(losses, (loss) => loss <= cutoff);
}

function isSingle(d: Distribution): boolean {
  if (d.kind === 'categorical') return d.choices.length < 2;
  return (d.kind === 'float' || d.kind === 'int') && gridOf(d).size < 2;
}

function pearsonDivergence(top: Float64Array, all: Float64Array): number {
  return all.reduce((sum, density, i) => {
    const floored = density + FLOOR;
    return sum + floored * ((top[i]! + FLOOR) / floored - 1) ** 2;
  }, 0);
}
