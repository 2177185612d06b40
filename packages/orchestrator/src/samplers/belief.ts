import { axisOf } from '../space/axis.ts';
import type { Parameter, Params, ParamValue, Space } from '../space/types.ts';
import { toUnit } from '../space/unit.ts';
import type { ObservedTrial } from './sampler.ts';
import { trustIn } from './trust.ts';

const DEFAULT_CONFIDENCE = 0.5;
/** Standard deviation, in the unit cube, of a belief without and with full confidence. */
const WIDEST = 0.5;
const NARROWEST = 0.05;

/**
 * What the user believes of one parameter (`prior`, `prior_confidence`): the logarithm of a density that is 1 at its
 * peak. Numbers fall off as a normal distribution in the unit cube; of unordered choices all but the believed one share
 * one lower level. 0 everywhere without a prior.
 */
export function logBelief(parameter: Parameter, value: ParamValue): number {
  const { distribution, prior, priorConfidence = DEFAULT_CONFIDENCE } = parameter;
  if (prior === undefined) return 0;
  if (axisOf(distribution).kind === 'choices') {
    return value === prior ? 0 : Math.log(1 - 0.95 * priorConfidence);
  }
  const z = (toUnit(distribution, value) - toUnit(distribution, prior)) / beliefWidth(parameter);
  return -0.5 * z * z;
}

/** Standard deviation of the belief in the unit cube. */
export function beliefWidth({ priorConfidence = DEFAULT_CONFIDENCE }: Parameter): number {
  return WIDEST * (NARROWEST / WIDEST) ** priorConfidence;
}

/** The sum over the parameters that are present: beliefs are independent. */
export function logBeliefOf(space: Space, params: Params): number {
  let sum = 0;
  for (const parameter of space) {
    if (parameter.prior !== undefined && Object.hasOwn(params, parameter.name))
      sum += logBelief(parameter, params[parameter.name]!);
  }
  return sum;
}

export function hasBeliefs(space: Space): boolean {
  return space.some(({ prior }) => prior !== undefined);
}

/** 0..1: how far the results bear the beliefs out; 1 where there are none yet. */
export function trustInBeliefs(space: Space, history: readonly ObservedTrial[]): number {
  const ended = history.filter(({ loss }) => loss !== null && Number.isFinite(loss));
  ended.sort((a, b) => a.loss! - b.loss!);
  return trustIn(ended.map(({ params }) => logBeliefOf(space, params)));
}
