import { contains } from '../../space/axis.ts';
import type { Parameter, Params } from '../../space/types.ts';
import { toUnit } from '../../space/unit.ts';
import { beliefWidth, logBelief } from '../belief.ts';
import { bestOfEarlier } from '../evolution/best-of-earlier.ts';
import type { TransferTask } from '../sampler.ts';
import type { Coordinates } from './coordinates.ts';

/** Where the first run begins. */
export interface Start {
  readonly mean: Float64Array;
  /** Standard deviation of each numeric parameter. */
  readonly deviations: Float64Array;
  /** Of each choice of each categorical parameter. */
  readonly probabilities: readonly (readonly number[])[];
}

/** Width that good settings of one task have for another, and their share (Nomura et al. 2021: alpha and gamma). */
const TASK_WIDTH = 0.1;
const GOOD_SHARE = 0.1;

/**
 * Parameters that the user has a belief about begin there. The others begin where earlier tasks had their best tenth,
 * with the spread of those (WS-CMA-ES, Nomura et al. 2021, without the correlations), or in the middle of the space.
 */
export function startOf(coordinates: Coordinates, sigma: number, transfer: readonly TransferTask[]): Start {
  const good = bestOfEarlier(transfer, GOOD_SHARE);
  const mean = new Float64Array(coordinates.numeric.length).fill(0.5);
  const deviations = new Float64Array(mean.length).fill(sigma);
  for (const [j, { parameter }] of coordinates.numeric.entries()) {
    const { distribution, prior } = parameter;
    const positions = valuesOf(parameter, good).map((value) => toUnit(distribution, value));
    if (prior !== undefined) {
      mean[j] = toUnit(distribution, prior);
      deviations[j] = Math.min(sigma, beliefWidth(parameter));
    } else if (positions.length > 0) {
      mean[j] = average(positions);
      const variance = average(positions.map((u) => (u - mean[j]!) ** 2));
      deviations[j] = Math.min(sigma, Math.sqrt(variance + TASK_WIDTH ** 2));
    }
  }
  const probabilities = coordinates.choices.map(({ parameter, axis }) => {
    const seen = valuesOf(parameter, good);
    const weighed = axis.probabilities.map((p, c) => {
      const value = axis.values[c]!;
      // The space counts as one trial for each choice.
      const earlier = p * axis.values.length + (p > 0 ? seen.filter((other) => other === value).length : 0);
      return parameter.prior === undefined ? earlier : p * Math.exp(logBelief(parameter, value));
    });
    const sum = weighed.reduce((total, p) => total + p, 0);
    return weighed.map((p) => p / sum);
  });
  return { mean, deviations, probabilities };
}

function valuesOf({ name, distribution }: Parameter, points: readonly Params[]): Params[string][] {
  return points.flatMap((point) =>
    Object.hasOwn(point, name) && contains(distribution, point[name]!) ? [point[name]!] : [],
  );
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
