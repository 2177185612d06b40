import type { ObservedTrial } from '../sampler.ts';
import type { Encoding } from './encoding.ts';

/** A trial that the model learns from. */
export interface Observation {
  readonly number: number;
  readonly point: Float64Array;
  /** Finite; lower is better. */
  readonly loss: number;
}

/** Trials in order of number that have a result, failed ones included. */
export class TrainingData {
  readonly #encoding: Encoding;
  readonly #points = new Map<number, Float64Array>();

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  /** Points are encoded once: a trial's parameters never change. */
  pointOf({ number, params }: ObservedTrial): Float64Array {
    let point = this.#points.get(number);
    if (point === undefined) {
      point = this.#encoding.encode(params);
      this.#points.set(number, point);
    }
    return point;
  }

  observe(history: readonly ObservedTrial[]): Observation[] {
    const worst = worstFinite(history);
    const observations: Observation[] = [];
    for (const trial of history) {
      const loss = lossOf(trial, worst);
      if (loss !== null) observations.push({ number: trial.number, point: this.pointOf(trial), loss });
    }
    return observations;
  }
}

function worstFinite(history: readonly ObservedTrial[]): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (const { loss } of history) if (loss !== null && Number.isFinite(loss)) worst = Math.max(worst, loss);
  return worst === Number.NEGATIVE_INFINITY ? 0 : worst;
}

/** Where a trial fails it is as bad as the worst that did not: far worse would hide what tells the good ones apart. */
function lossOf({ state, loss }: ObservedTrial, worst: number): number | null {
  if (state === 'failed') return worst;
  if ((state !== 'complete' && state !== 'pruned') || loss === null) return null;
  if (Number.isFinite(loss)) return loss;
  return loss === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : worst;
}

/** Shift and scale to mean 0 and variance 1. */
export function standardise(observations: readonly Observation[]): Float64Array {
  const n = observations.length;
  let mean = 0;
  for (const { loss } of observations) mean += loss / n;
  let variance = 0;
  for (const { loss } of observations) variance += (loss - mean) ** 2 / n;
  const scale = variance > 0 && Number.isFinite(variance) ? 1 / Math.sqrt(variance) : 1;
  return Float64Array.from(observations, ({ loss }) => (loss - mean) * scale);
}
