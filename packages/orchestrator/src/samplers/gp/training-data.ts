import type { ObservedTrial, SearchTask } from '../sampler.ts';
import { lastStep, type RungPoint, seenRungs } from './curve-steps.ts';
import type { Encoding } from './encoding.ts';
import { type RungScales, rungScales } from './rung-scales.ts';
import { encodeTasks } from './transfer.ts';

/** Something that the model learns from. */
export interface Observation {
  /** Number of the trial; of an earlier task −1. */
  readonly number: number;
  /** The same object whenever the same observation is made. */
  readonly point: Float64Array;
  /** Finite; lower is better. */
  readonly loss: number;
  /** 'whole': the result of a trial; 'part': a step of its curve; else the number of an earlier task, from 0. */
  readonly source: 'whole' | 'part' | number;
}

export interface Training {
  /** Of earlier tasks: always the same. */
  readonly background: readonly Observation[];
  /** Of trials that ended, in order of number: they never change again. */
  readonly finished: readonly Observation[];
  /** Of the curves of trials that run. */
  readonly growing: readonly Observation[];
  /** Points of trials that run. */
  readonly pending: readonly Float64Array[];
}

/** Of parts, in standard deviations of the lowest rung: what diverged. */
const WORST_PART = 5;

/** What the history tells, as points of the model. */
export class TrainingData {
  readonly #encoding: Encoding;
  readonly #background: readonly Observation[];
  readonly #points = new Map<number, Float64Array>();
  readonly #partPoints = new Map<string, Float64Array>();

  constructor(encoding: Encoding, { transfer }: Pick<SearchTask, 'transfer'>) {
    this.#encoding = encoding;
    this.#background = encodeTasks(encoding, transfer);
  }

  read(history: readonly ObservedTrial[], maxStep: number | null): Training {
    const worst = worstFinite(history);
    const last = lastStep(history, maxStep);
    const scales = this.#encoding.fidelity === null ? null : rungScales(history, last);
    const rungs = scales === null ? [] : seenRungs(history, last);
    const finished: Observation[] = [];
    const growing: Observation[] = [];
    const pending: Float64Array[] = [];
    for (const trial of history) {
      if (trial.state === 'running') pending.push(this.pointOf(trial));
      if (scales !== null)
        (trial.state === 'running' ? growing : finished).push(
          ...this.#parts(trial, rungs[trial.number]!, last, scales),
        );
      const value = this.#lossOf(trial, worst);
      if (value === null) continue;
      const loss = scales === null ? value : scales.ofWhole(value);
      finished.push({ number: trial.number, point: this.pointOf(trial), loss, source: 'whole' });
    }
    return { background: this.#background, finished, growing, pending };
  }

  /**
   * Another value of whole trials than their loss. Where `failures` is 'worst', failed ones had the worst.
   * @param measured null: not measured.
   */
  readValues(
    history: readonly ObservedTrial[],
    measured: (trial: ObservedTrial) => number | null,
    failures: 'worst' | 'unknown',
  ): Training {
    const values = history.map(measured);
    const finite = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
    const worst = finite.length > 0 ? Math.max(...finite) : 0;
    const finished: Observation[] = [];
    for (const [i, trial] of history.entries()) {
      const value = trial.state === 'failed' && failures === 'worst' ? worst : values[i]!;
      if (value === null || Number.isNaN(value)) continue;
      const loss = Math.min(Math.max(value, -Number.MAX_VALUE), worst);
      finished.push({ number: trial.number, point: this.pointOf(trial), loss, source: 'whole' });
    }
    const pending = history.filter(({ state }) => state === 'running').map((trial) => this.pointOf(trial));
    return { background: [], finished, growing: [], pending };
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

  #parts(trial: ObservedTrial, rungs: readonly RungPoint[], last: number, scales: RungScales): Observation[] {
    const parts: Observation[] = [];
    for (const { rung, step, loss } of rungs) {
      if (loss === Number.NEGATIVE_INFINITY) continue;
      const key = `${trial.number}/${step}/${last}`;
      let point = this.#partPoints.get(key);
      if (point === undefined) {
        point = this.pointOf(trial).slice();
        point[this.#encoding.fidelity!] = Math.max(0, 1 - Math.log(step) / Math.log(last));
        this.#partPoints.set(key, point);
      }
      parts.push({
        number: trial.number,
        point,
        loss: Math.min(WORST_PART, scales.atRung(rung, loss)),
        source: 'part',
      });
    }
    return parts;
  }

  /** Where a trial fails it is as bad as the worst that did not: far worse would hide what tells the good ones apart. */
  #lossOf({ state, loss }: ObservedTrial, worst: number): number | null {
    if (state === 'failed') return worst;
    if (state === 'pruned' && this.#encoding.fidelity !== null) return null;
    if ((state !== 'complete' && state !== 'pruned') || loss === null) return null;
    if (Number.isFinite(loss)) return loss;
    return loss === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : worst;
  }
}

function worstFinite(history: readonly ObservedTrial[]): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (const { loss } of history) if (loss !== null && Number.isFinite(loss)) worst = Math.max(worst, loss);
  return worst === Number.NEGATIVE_INFINITY ? 0 : worst;
}
