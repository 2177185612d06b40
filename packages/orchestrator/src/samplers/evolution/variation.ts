import { axisOf } from '../../space/axis.ts';
import { buildParams } from '../../space/points.ts';
import { indexAtShare } from '../../space/shares.ts';
import type { Distribution, Parameter, Params, ParamValue, Space } from '../../space/types.ts';
import { draw, fromUnit, toUnit } from '../../space/unit.ts';
import type { Rng } from '../../study/rng.ts';
import { polynomialMutation, simulatedBinaryCrossover } from './real-operators.ts';

/** Shape of the crossover: larger stays closer to the parents (Deb et al. 2002). */
const CROSSOVER_INDEX = 20;
/** Deb's 20 is for tens of thousands of evaluations; with hundreds, larger steps get further. */
const MUTATION_INDEX = 5;

/**
 * A child of two parents. Where both have a parameter, numbers are recombined in the unit cube (simulated binary
 * crossover) and choices swapped; where one has it, the child takes that value; where neither has it, it is drawn.
 */
export function crossOver(space: Space, a: Params, b: Params, rng: Rng): Params {
  return buildParams(space, ({ name, distribution }) => {
    const [inA, inB] = [Object.hasOwn(a, name), Object.hasOwn(b, name)];
    if (!inA && !inB) return draw(distribution, rng);
    if (!inA || !inB) return inA ? a[name]! : b[name]!;
    const [first, second] = rng.int(2) === 0 ? [a[name]!, b[name]!] : [b[name]!, a[name]!];
    // Deb recombines every other variable only; the rest is handed on as it is.
    if (first === second || axisOf(distribution).kind === 'choices' || rng.int(2) === 0) return first;
    const [u, v] = [toUnit(distribution, first), toUnit(distribution, second)];
    return fromUnit(distribution, simulatedBinaryCrossover(u, v, CROSSOVER_INDEX, rng));
  });
}

/**
 * The same point with each value changed with probability `rate`; what only exists after a change is drawn. A changed
 * value is another one wherever there is another.
 */
export function mutate(space: Space, params: Params, rate: number, rng: Rng): Params {
  return buildParams(space, (parameter) => {
    if (!Object.hasOwn(params, parameter.name)) return draw(parameter.distribution, rng);
    const value = params[parameter.name]!;
    return rng.next() < rate ? changed(parameter, value, rng) : value;
  });
}

function changed({ distribution }: Parameter, value: ParamValue, rng: Rng): ParamValue {
  const axis = axisOf(distribution);
  if (axis.kind === 'choices') return otherChoice(axis.values, axis.probabilities, value, rng);
  const u = toUnit(distribution, value);
  const moved = polynomialMutation(u, MUTATION_INDEX, rng);
  const result = fromUnit(distribution, moved);
  return result === value && axis.cell !== null
    ? neighbour(distribution, value as number, moved > u)
    : result;
}

function otherChoice(
  values: readonly ParamValue[],
  probabilities: readonly number[],
  value: ParamValue,
  rng: Rng,
): ParamValue {
  const others = probabilities.map((p, i) => (values[i] === value ? 0 : p));
  const sum = others.reduce((total, p) => total + p, 0);
  if (!(sum > 0)) return value;
  return values[
    indexAtShare(
      others.map((p) => p / sum),
      rng.next(),
    )
  ]!;
}

/** The next level up or down; at an end, the one on the other side. */
function neighbour(distribution: Distribution, value: number, upwards: boolean): ParamValue {
  const axis = axisOf(distribution);
  if (axis.kind === 'choices' || axis.cell === null) return value;
  const [low, high] = axis.cell(value);
  const inside = 1e-6 * (high - low);
  const [up, down] = [axis.value(high + inside), axis.value(low - inside)];
  const [wanted, other] = upwards ? [up, down] : [down, up];
  return wanted === value ? other : wanted;
}
