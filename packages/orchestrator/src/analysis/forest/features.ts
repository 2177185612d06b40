import { axisOf, type NumericAxis } from '../../space/axis.ts';
import { admits } from '../../space/conditions.ts';
import { multiplesWithin } from '../../space/levels.ts';
import type { Condition, Distribution, Parameter, ParamValue } from '../../space/types.ts';
import { fromUnit, toUnit } from '../../space/unit.ts';

/** A parameter cut into bins, between which trees split. */
export interface Feature {
  readonly parameter: Parameter;
  /** Whether neighbouring bins hold neighbouring values; else bins are choices without an order. */
  readonly isOrdered: boolean;
  /** At least 2, at most 255. */
  readonly count: number;
  /** The share of each bin in the (sub)space, by the parameter's own distribution; sums to 1. */
  readonly weights: Float64Array;
  /** @returns 0..count-1 */
  binOf(value: ParamValue): number;
  /**
   * Values at which to look at the parameter, with their bins: one per level or choice that can occur here; of a
   * continuous parameter `count` of them, evenly on the scale on which it is drawn.
   */
  points(count: number): ReadonlyArray<{ readonly value: ParamValue; readonly bin: number }>;
}

/** Continuous parameters are cut at this many quantiles of their values, where there are more values than that. */
const MAX_BINS = 64;
const MAX_CHOICES = 255;

/**
 * @param clauses what is known to hold for the parameter in this subspace
 * @param values that the trials have
 * @returns null where nothing could be told apart: a single bin, or a single value in all trials
 */
export function createFeature(
  parameter: Parameter,
  clauses: readonly Condition[],
  values: readonly ParamValue[],
): Feature | null {
  const { distribution } = parameter;
  const axis = axisOf(distribution);
  const levels = levelsOf(distribution);
  const feature =
    levels === null
      ? continuous(parameter, clauses, values)
      : discrete(parameter, axis.kind === 'numeric', levels, shares(distribution, levels), clauses);
  if (feature === null) return null;
  const first = feature.binOf(values[0]!);
  return values.some((value) => feature.binOf(value) !== first) ? feature : null;
}

/** All values, where there are few enough for a bin each. */
function levelsOf(d: Distribution): readonly ParamValue[] | null {
  if (d.kind === 'categorical') return d.choices;
  if (d.kind === 'constant') return [d.value];
  if (d.kind === 'normal' || d.step === undefined) return null;
  const levels = multiplesWithin(d.low, d.high, d.step);
  if (levels.count > MAX_BINS) return null;
  return Array.from({ length: levels.count }, (_, index) => levels.at(index));
}

/** How probable each level is when the distribution is drawn from. */
function shares(d: Distribution, levels: readonly ParamValue[]): number[] {
  const axis = axisOf(d);
  if (axis.kind === 'choices') return [...axis.probabilities];
  if (d.kind === 'categorical') return levels.map(() => 1);
  return levels.map((level) => {
    const [low, high] = axis.cell!(level as number);
    return high - low;
  });
}

function discrete(
  parameter: Parameter,
  isOrdered: boolean,
  levels: readonly ParamValue[],
  share: readonly number[],
  clauses: readonly Condition[],
): Feature | null {
  // Choices beyond the limit are one bin: trees see the first ones apart.
  const count = Math.min(levels.length, MAX_CHOICES);
  const bins = new Map(levels.map((level, index) => [level, Math.min(index, count - 1)]));
  const weights = new Float64Array(count);
  for (const [index, level] of levels.entries()) {
    if (clauses.every((clause) => admits(clause, level)))
      weights[Math.min(index, count - 1)]! += share[index]!;
  }
  if (count < 2 || !normalise(weights)) return null;
  const axis = axisOf(parameter.distribution);
  // Trials from before a resume that changed the range may lie outside of it.
  const nearest = (value: ParamValue): ParamValue =>
    axis.kind === 'numeric' && typeof value === 'number' ? axis.value(axis.position(value)) : levels[0]!;
  return {
    parameter,
    isOrdered,
    count,
    weights,
    binOf: (value) => bins.get(value) ?? bins.get(nearest(value))!,
    points: () =>
      levels.flatMap((value) => {
        const bin = bins.get(value)!;
        return weights[bin]! > 0 ? [{ value, bin }] : [];
      }),
  };
}

function continuous(
  parameter: Parameter,
  clauses: readonly Condition[],
  values: readonly ParamValue[],
): Feature | null {
  const { distribution } = parameter;
  const [low, high] = unitRange(distribution, clauses);
  const cuts = cutsBetween(Float64Array.from(values, (value) => toUnit(distribution, value)).sort());
  const edges = [low, ...cuts.map((cut) => Math.min(high, Math.max(low, cut))), high];
  const count = edges.length - 1;
  const weights = Float64Array.from({ length: count }, (_, bin) => edges[bin + 1]! - edges[bin]!);
  if (count < 2 || !normalise(weights)) return null;
  return {
    parameter,
    isOrdered: true,
    count,
    weights,
    binOf: (value) => countAtMost(cuts, toUnit(distribution, value)),
    points: (points) =>
      Array.from({ length: points }, (_, k) => {
        // Of a normal distribution the ends lie nowhere: the middles of as many equal shares.
        const share = distribution.kind === 'normal' ? (k + 0.5) / points : k / (points - 1);
        const value = fromUnit(distribution, low + share * (high - low));
        return { value, bin: countAtMost(cuts, toUnit(distribution, value)) };
      }),
  };
}

/** Where in [0, 1] the parameter can lie under the clauses. */
function unitRange(d: Distribution, clauses: readonly Condition[]): [low: number, high: number] {
  let low = 0;
  let high = 1;
  const { position, kind } = axisOf(d) as NumericAxis;
  for (const clause of clauses) {
    if (kind !== 'numeric' || clause.kind === 'in') continue;
    for (const bound of [clause.ge, clause.gt]) {
      if (bound !== undefined && !Number.isNaN(position(bound))) low = Math.max(low, toUnit(d, bound));
    }
    for (const bound of [clause.le, clause.lt]) {
      if (bound !== undefined && !Number.isNaN(position(bound))) high = Math.min(high, toUnit(d, bound));
    }
  }
  return low < high ? [low, high] : [0, 1];
}

/** Half-way between neighbouring values, at most MAX_BINS - 1, with about equally many values between them. */
function cutsBetween(ascending: Float64Array): Float64Array {
  const middles: number[] = [];
  const ends: number[] = [];
  for (let i = 1; i < ascending.length; i++) {
    if (ascending[i]! === ascending[i - 1]!) continue;
    middles.push(0.5 * (ascending[i]! + ascending[i - 1]!));
    ends.push(i);
  }
  if (middles.length < MAX_BINS) return Float64Array.from(middles);
  const chosen = new Set<number>();
  let next = 0;
  for (let k = 1; k < MAX_BINS; k++) {
    while (next < ends.length - 1 && ends[next]! < (k * ascending.length) / MAX_BINS) next++;
    chosen.add(middles[next]!);
  }
  return Float64Array.from(chosen);
}

/** How many of the ascending cuts are at most `x`. */
function countAtMost(cuts: Float64Array, x: number): number {
  let from = 0;
  let to = cuts.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (cuts[middle]! <= x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** @returns false where fewer than two bins have a weight. */
function normalise(weights: Float64Array): boolean {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0) || weights.filter((weight) => weight > 0).length < 2) return false;
  for (let bin = 0; bin < weights.length; bin++) weights[bin]! /= total;
  return true;
}
