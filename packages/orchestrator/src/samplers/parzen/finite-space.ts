import { enumerateGrid } from '../../space/grid.ts';
import { countGrid } from '../../space/grid-count.ts';
import type { Space } from '../../space/types.ts';
import type { KnownPoints } from './known-points.ts';
import type { Row, Tree } from './tree.ts';

/** Spaces of up to so many points are looked through for what is left. */
const ENUMERABLE = 20_000;

/** The space as a set of points, where it is finite. */
export class FiniteSpace {
  /** Number of points; Infinity where a parameter is continuous. */
  readonly size: number;
  readonly #space: Space;
  readonly #tree: Tree;

  constructor(space: Space, tree: Tree) {
    this.#tree = tree;
    // `count` thins a grid, not the space.
    this.#space = space.map(({ count: _, ...parameter }) => parameter);
    this.size = tree.columns.every(({ isListed }) => isListed)
      ? countGrid(this.#space)
      : Number.POSITIVE_INFINITY;
  }

  /** Every point that is not known; none of a space with too many points to look at. */
  *unknown(known: KnownPoints): Generator<Row, void> {
    if (this.size > ENUMERABLE) return;
    for (const params of enumerateGrid(this.#space)) {
      const row = new Float64Array(this.#tree.columns.length);
      this.#tree.encode(params, row);
      if (!known.has(row)) yield row;
    }
  }
}
