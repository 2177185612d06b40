import { contains } from './axis.ts';
import { describeDistribution } from './describe-distribution.ts';
import { multiplesWithin } from './levels.ts';
import { SpaceError } from './space-error.ts';
import type { Distribution, Parameter, Space } from './types.ts';

/** @throws SpaceError naming the first parameter that cannot be drawn from, or whose condition cannot be judged. */
export function checkSpace(space: Space): void {
  const earlier = new Set<string>();
  for (const parameter of space) {
    const { name, distribution, prior, when } = parameter;
    if (name === '' || name === '__proto__')
      throw new SpaceError(`A parameter cannot be called \`${name}\`.`);
    if (earlier.has(name)) throw new SpaceError(`There are two parameters called \`${name}\`.`);
    const fault = distributionFault(distribution) ?? countFault(parameter);
    if (fault !== null) throw new SpaceError(`Parameter \`${name}\`: ${fault}.`);
    if (prior !== undefined && !contains(distribution, prior)) {
      throw new SpaceError(
        `Parameter \`${name}\`: its prior ${JSON.stringify(prior)} must be ${describeDistribution(distribution)}.`,
      );
    }
    for (const condition of when) {
      if (!earlier.has(condition.parameter)) {
        throw new SpaceError(
          `Parameter \`${name}\`: its condition names \`${condition.parameter}\`, which is no earlier parameter.`,
        );
      }
    }
    earlier.add(name);
  }
}

function countFault({ count }: Parameter): string | null {
  return count === undefined || (Number.isSafeInteger(count) && count >= 1)
    ? null
    : `count is ${count}; it must be a whole number from 1`;
}

function distributionFault(d: Distribution): string | null {
  switch (d.kind) {
    case 'constant':
      return null;
    case 'categorical':
      return categoricalFault(d);
    case 'float':
    case 'int': {
      if (!Number.isFinite(d.low) || !Number.isFinite(d.high) || d.low > d.high)
        return `no numbers lie between ${d.low} and ${d.high}`;
      if (d.log && d.low <= 0) return `a logarithmic range begins above 0, not at ${d.low}`;
      if (d.step === undefined) return null;
      if (!(d.step > 0) || !Number.isFinite(d.step)) return `the quantum is ${d.step}; it must be above 0`;
      if (d.kind === 'int' && !Number.isInteger(d.step))
        return `the quantum of whole numbers is ${d.step}; it must be whole`;
      return multiplesWithin(d.low, d.high, d.step).count > 0
        ? null
        : `no multiple of ${d.step} lies between ${d.low} and ${d.high}`;
    }
    case 'normal': {
      if (!Number.isFinite(d.mu) || !Number.isFinite(d.sigma) || d.sigma <= 0)
        return `mu ${d.mu} and sigma ${d.sigma} make no normal distribution`;
      if (d.step === undefined) return null;
      if (!(d.step > 0) || !Number.isFinite(d.step)) return `the quantum is ${d.step}; it must be above 0`;
      return d.int && !Number.isInteger(d.step)
        ? `the quantum of whole numbers is ${d.step}; it must be whole`
        : null;
    }
  }
}

const SUM_TOLERANCE = 1e-6;

function categoricalFault(d: Extract<Distribution, { kind: 'categorical' }>): string | null {
  if (d.choices.length === 0) return 'there are no values to choose from';
  if (new Set(d.choices).size < d.choices.length) return 'a value is listed twice';
  if (d.ordered) {
    const ascends = d.choices.every(
      (choice, i) => typeof choice === 'number' && (i === 0 || choice > (d.choices[i - 1] as number)),
    );
    if (!ascends) return 'ordered values must be numbers in ascending order';
  }
  if (d.probabilities === undefined) return null;
  if (d.probabilities.length !== d.choices.length) {
    return `there are ${d.choices.length} values and ${d.probabilities.length} probabilities`;
  }
  const sum = d.probabilities.reduce((total, p) => total + p, 0);
  if (d.probabilities.some((p) => !(p >= 0)) || Math.abs(sum - 1) > SUM_TOLERANCE)
    return `the probabilities sum to ${sum}, not to 1`;
  return null;
}
