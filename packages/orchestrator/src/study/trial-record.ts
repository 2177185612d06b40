import { totalViolation } from '../objectives/index.ts';
import type { CurvePoint, ObservedTrial } from '../samplers/sampler.ts';
import type { Params } from '../space/types.ts';
import type { Report, StudyMetrics } from './study-metrics.ts';
import type { StudyTrial } from './types.ts';

/** One trial of a study, as it grows. */
export class TrialRecord implements StudyTrial {
  readonly number: number;
  readonly params: Params;
  state: StudyTrial['state'] = 'running';
  /** It has been paused at least once. */
  #hasPaused = false;
  value: number | null = null;
  values: Readonly<Record<string, number>> | null = null;
  violation: number | null = null;
  /** Of the first metric, here and as losses. An own member: trials are spread. */
  readonly reports: readonly Report[];
  readonly curve: CurvePoint[] = [];
  readonly #metrics: StudyMetrics;
  /** By metric. */
  readonly #reports: Report[][];
  #losses: readonly number[] | null = null;
  #violations: readonly number[] | null = null;

  constructor(number: number, params: Params, metrics: StudyMetrics) {
    this.number = number;
    // A copy of its own, but not frozen: that makes an object of many parameters twice as large.
    this.params = { ...params };
    this.#metrics = metrics;
    this.#reports = metrics.names.map(() => []);
    this.reports = this.#reports[0]!;
  }

  /** One per objective; null unless complete. */
  get losses(): readonly number[] | null {
    return this.#losses;
  }

  hasReported(metric: number): boolean {
    return this.#reports[metric]!.length > 0;
  }

  /** The reports of one metric as losses, by ascending step. */
  curveOf(metric: number): readonly CurvePoint[] {
    if (metric === 0) return this.curve;
    return this.#reports[metric]!.map(({ step, value }) => ({
      step,
      loss: this.#metrics.loss(metric, value),
    }));
  }

  /** null unless complete. */
  lossOf(metric: number): number | null {
    if (this.values === null) return null;
    return this.#metrics.loss(metric, this.values[this.#metrics.names[metric]!]!);
  }

  report(metric: number, step: number, value: number): void {
    insertByStep(this.#reports[metric]!, { step, value });
    if (metric === 0) insertByStep(this.curve, { step, loss: this.#metrics.loss(0, value) });
  }

  /** A metric that is not a number makes the trial a failure, however it ended. `given`: by metric. */
  complete(given: ReadonlyArray<number | undefined>): void {
    const values = this.#reports.map((reports, i) => given[i] ?? this.#metrics.reduce(i, reports));
    if (values.some(Number.isNaN)) {
      this.state = 'failed';
      return;
    }
    this.state = 'complete';
    this.value = values[0]!;
    this.values = this.#metrics.byName(values);
    this.#losses = this.#metrics.losses(values);
    this.#violations = this.#metrics.violations(values);
    this.violation = totalViolation(this.#violations);
  }

  pause(): void {
    this.state = 'paused';
    this.#hasPaused = true;
  }

  /**
   * As samplers see it. One that has paused is to them what a pruned one is, something measured up to a step, until it
   * ends; else nearly all of a sweep that promotes would look as if it still ran.
   */
  observe(): ObservedTrial {
    const { number, params, curve } = this;
    const isWaiting = this.state === 'paused' || (this.state === 'running' && this.#hasPaused);
    const state = isWaiting ? 'pruned' : (this.state as ObservedTrial['state']);
    const last = curve.at(-1);
    const losses = this.#losses;
    const violations = this.#violations;
    const loss = losses?.[0] ?? (state === 'pruned' ? (last?.loss ?? null) : null);
    return { number, params, state, loss, losses, violations, curve, step: last?.step ?? 0 };
  }
}

/** Keeps the steps ascending; nearly always at the end. */
function insertByStep<T extends { readonly step: number }>(points: T[], point: T): void {
  let at = points.length;
  while (at > 0 && points[at - 1]!.step >= point.step) at--;
  const replaces = points[at]?.step === point.step ? 1 : 0;
  points.splice(at, replaces, point);
}
