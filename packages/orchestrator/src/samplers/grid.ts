import { enumerateGrid, gridMembership } from '../space/grid.ts';
import { countGrid } from '../space/grid-count.ts';
import { checkPoint, misfit, pointKey } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import type { AskContext, ObservedTrial, Sampler, Suggestion } from './sampler.ts';

/**
 * Every point of the grid once, in order. Points that were tried (warm start, an earlier life of the sweep) are passed
 * over, whatever became of those trials.
 * @throws SpaceError where the space has no grid.
 */
export function createGridSampler(space: Space): Sampler {
  return new GridSampler(space);
}

class GridSampler implements Sampler {
  readonly name = 'grid';
  readonly #space: Space;
  readonly #size: number;
  readonly #isOnGrid: (point: Params) => boolean;
  readonly #points: Generator<Params, void>;
  readonly #tried = new Set<string>();
  /** How much of the history is in `#tried`, and how many of those points are the grid's own. */
  #seen = 0;
  #triedOnGrid = 0;

  constructor(space: Space) {
    this.#space = space;
    this.#size = countGrid(space);
    this.#isOnGrid = gridMembership(space);
    this.#points = enumerateGrid(space);
  }

  suggest({ history }: AskContext): Suggestion | null {
    this.#look(history);
    for (;;) {
      const next = this.#points.next();
      if (next.done) return null;
      if (!this.#tried.has(this.#key(next.value))) return { params: next.value };
    }
  }

  left(history: readonly ObservedTrial[], pending: readonly Params[]): number {
    this.#look(history);
    const ahead = new Set(pending.filter((point) => this.#isOnGrid(point)).map((point) => this.#key(point)));
    const untried = [...ahead].filter((key) => !this.#tried.has(key));
    return this.#size - this.#triedOnGrid - untried.length;
  }

  /** The first grid point, untried if there is one, that agrees with `point`. */
  complete(point: Params, earlier: readonly Params[]): Params {
    checkPoint(this.#space, point);
    const tried = new Set(earlier.map((params) => this.#key(params)));
    let first: Params | null = null;
    for (const params of enumerateGrid(this.#space, point)) {
      if (!tried.has(this.#key(params))) return params;
      first ??= params;
    }
    if (first === null) throw misfit(this.#space, point);
    return first;
  }

  #look(history: readonly ObservedTrial[]): void {
    for (; this.#seen < history.length; this.#seen++) {
      const { params } = history[this.#seen]!;
      const key = this.#key(params);
      if (this.#tried.has(key)) continue;
      this.#tried.add(key);
      if (this.#isOnGrid(params)) this.#triedOnGrid++;
    }
  }

  #key(params: Params): string {
    return pointKey(this.#space, params);
  }
}
