import type { Rng } from '../study/rng.ts';
import { axisOf, type NumericAxis } from './axis.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { indexAtShare } from './shares.ts';
import type { Distribution, ParamValue } from './types.ts';

/** Smallest distance that `u` keeps from 0 and 1, where a normal distribution would answer infinity. */
const EDGE = 2 ** -54;

/** The value below which a share `u` in [0, 1] of the distribution lies. Uniform `u` gives the distribution's draws. */
export function quantile(d: Distribution, u: number): ParamValue {
  // By probability, not by distance: `values` without probabilities are all alike, ordinal or not.
  if (d.kind === 'categorical' && d.probabilities === undefined) return equalShare(d.choices, u);
  return fromUnit(d, u);
}

/** One draw; takes exactly one number from the stream. */
export function draw(d: Distribution, rng: Rng): ParamValue {
  return quantile(d, rng.next());
}

/**
 * Where a value stands in [0, 1], for samplers that model the unit cube: quantised values in the middle of their
 * cells, ordinals by distance, unordered choices in the middle of their share.
 */
export function toUnit(d: Distribution, value: ParamValue): number {
  const axis = axisOf(d);
  if (axis.kind === 'numeric') return share(axis, axis.position(value as number));
  const index = axis.indexOf(value);
  let below = 0;
  for (let i = 0; i < index; i++) below += axis.probabilities[i]!;
  return below + axis.probabilities[index]! / 2;
}

/** The value whose cell holds `u`; undoes `toUnit`. */
export function fromUnit(d: Distribution, u: number): ParamValue {
  const axis = axisOf(d);
  if (axis.kind === 'choices') return axis.values[indexAtShare(axis.probabilities, u)]!;
  if (Number.isFinite(axis.low)) return axis.value(axis.low + u * (axis.high - axis.low));
  return axis.value(axis.mean + axis.spread * normalQuantile(Math.min(1 - EDGE * 2, Math.max(EDGE, u))));
}

function share(axis: NumericAxis, position: number): number {
  if (Number.isFinite(axis.low)) return (position - axis.low) / (axis.high - axis.low);
  return normalCdf((position - axis.mean) / axis.spread);
}

function equalShare(choices: readonly ParamValue[], u: number): ParamValue {
  return choices[Math.min(choices.length - 1, Math.floor(u * choices.length))]!;
}
