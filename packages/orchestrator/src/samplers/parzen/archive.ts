import { totalViolation } from '../../objectives/feasibility.ts';
import { scaledViolations, violationScales } from '../../objectives/violation-scales.ts';
import type { ObservedTrial } from '../sampler.ts';
import { KnownPoints } from './known-points.ts';
import { ParetoPool } from './pareto-pool.ts';
import { INFEASIBLE, RankOrder } from './rank-order.ts';
import type { Row, Tree } from './tree.ts';

/**
 * The history as rows of numbers, kept from ask to ask. An update costs what is new and what was running or pruned: only
 * those change. Everything here follows from the history alone, whenever and however often it was looked at.
 */
export class Archive {
  readonly points = new KnownPoints();
  /** Complete and pruned trials, best first. */
  readonly ranked = new RankOrder();
  readonly #pareto = new ParetoPool();
  #rows: Float64Array;
  readonly #width: number;
  readonly #tree: Tree;
  #size = 0;
  #running: number[] = [];
  /** As they were seen last. */
  #pruned: ObservedTrial[] = [];
  readonly #failed: number[] = [];
  /** What the violations are measured in, one per constraint; null before anything is known of them. */
  #scales: Float64Array | null = null;
  /** Whether an infeasible trial has come in since the scales were worked out. */
  #isScaleOld = false;

  constructor(tree: Tree) {
    this.#tree = tree;
    this.#width = tree.columns.length;
    this.#rows = new Float64Array(64 * this.#width);
  }

  /** Row-major, one row per trial number; longer than the history. */
  get rows(): Float64Array {
    return this.#rows;
  }

  /** One trial's row, as a view. */
  row(number: number): Row {
    return this.#rows.subarray(number * this.#width, (number + 1) * this.#width);
  }

  /** Number of trials. */
  get size(): number {
    return this.#size;
  }

  /** Numbers of the trials that run, ascending. */
  get running(): readonly number[] {
    return this.#running;
  }

  /** Numbers of the trials that failed, ascending. */
  get failed(): readonly number[] {
    return this.#failed;
  }

  /** The best `count` of the finished trials, best first, and the others. */
  best(count: number): { readonly good: ArrayLike<number>; readonly rest: ArrayLike<number> } {
    const order = this.ranked.order;
    if (this.#pareto.size === 0) return { good: order.subarray(0, count), rest: order.subarray(count) };
    // With several losses the order of those that are complete and feasible is the front's, not that of one loss.
    const feasible = this.ranked.feasible;
    const good = this.#pareto.best(Math.min(count, feasible));
    const chosen = new Set(good);
    for (let r = feasible; good.length < count; r++) {
      good.push(order[r]!);
      chosen.add(order[r]!);
    }
    return { good, rest: order.filter((number) => !chosen.has(number)) };
  }

  update(history: readonly ObservedTrial[]): void {
    const open = this.#running;
    this.#running = [];
    for (const number of open) this.#place(history[number]!);
    this.#updatePruned(history);
    this.#reserve(history.length);
    for (; this.#size < history.length; this.#size++) this.#add(history[this.#size]!);
    this.ranked.settle();
    if (this.#isScaleOld) this.#rescale(history);
  }

  /** Infeasible trials are ranked anew where one more has changed what their violations are measured in. */
  #rescale(history: readonly ObservedTrial[]): void {
    this.#isScaleOld = false;
    const before = this.#scales!;
    const scales = violationScales(history);
    if (scales.every((scale, c) => scale === before[c])) return;
    this.#scales = scales;
    this.ranked.rescore(INFEASIBLE, (number) => this.#violation(history[number]!));
  }

  /** 0 for a feasible trial. */
  #violation({ violations }: ObservedTrial): number {
    if (violations === null || totalViolation(violations) === 0) return 0;
    this.#scales ??= new Float64Array(violations.length).fill(1);
    return totalViolation(scaledViolations(violations, this.#scales));
  }

  /** A trial that was pruned at a rung may be promoted from there. */
  #updatePruned(history: readonly ObservedTrial[]): void {
    const changed = this.#pruned.filter((trial) => history[trial.number] !== trial);
    if (changed.length === 0) return;
    this.#pruned = this.#pruned.filter((trial) => history[trial.number] === trial);
    for (const { number } of changed) {
      this.ranked.remove(number);
      this.#place(history[number]!);
    }
  }

  #add(trial: ObservedTrial): void {
    const start = this.#size * this.#width;
    this.#tree.encode(trial.params, this.#rows, start);
    this.points.add(this.#rows, start, start + this.#width);
    this.#place(trial);
  }

  #place(trial: ObservedTrial): void {
    const { number, state } = trial;
    const loss = trial.loss ?? Number.POSITIVE_INFINITY;
    switch (state) {
      case 'running':
        insert(this.#running, number);
        return;
      case 'failed':
        insert(this.#failed, number);
        return;
      case 'pruned':
        this.#pruned.push(trial);
        this.ranked.add({ number, tier: 1, first: -trial.step, second: loss });
        return;
      case 'complete': {
        const violation = this.#violation(trial);
        if (trial.losses !== null && trial.losses.length > 1 && violation === 0)
          this.#pareto.add(number, trial.losses);
        this.ranked.add({ number, tier: violation > 0 ? INFEASIBLE : 0, first: violation, second: loss });
        if (violation > 0) this.#isScaleOld = true;
        return;
      }
      // A person ended it: it says nothing.
      case 'stopped':
        return;
    }
  }

  #reserve(trials: number): void {
    const needed = trials * this.#width;
    if (needed <= this.#rows.length) return;
    const wider = new Float64Array(Math.max(needed, 2 * this.#rows.length));
    wider.set(this.#rows);
    this.#rows = wider;
  }
}

/** Nearly always at the end. */
function insert(ascending: number[], number: number): void {
  let at = ascending.length;
  while (at > 0 && ascending[at - 1]! > number) at--;
  ascending.splice(at, 0, number);
}
