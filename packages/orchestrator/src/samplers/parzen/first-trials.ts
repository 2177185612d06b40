import { buildParams } from '../../space/points.ts';
import type { Params, Space } from '../../space/types.ts';
import type { Rng } from '../../study/rng.ts';
import { middleOf } from '../centre.ts';
import type { AskContext } from '../sampler.ts';
import { sobolPoint } from '../sobol.ts';
import type { Archive } from './archive.ts';
import type { Beliefs } from './beliefs.ts';
import type { Tree } from './tree.ts';

/** Of the first trials, as long as nothing speaks against the beliefs: drawn from them. */
const BELIEVED_SHARE = 0.6;

/** What is tried before there is a model: what is believed, the centre, then points spread evenly. */
export class FirstTrials {
  readonly #space: Space;
  readonly #tree: Tree;
  readonly #beliefs: Beliefs;
  readonly #centre: boolean;

  /** @param centre whether the centre is tried; without it parameters that have no prior begin anywhere. */
  constructor(space: Space, tree: Tree, beliefs: Beliefs, centre: boolean) {
    this.#space = space;
    this.#tree = tree;
    this.#beliefs = beliefs;
    this.#centre = centre;
  }

  /** null: nothing that has not been tried. */
  next(context: AskContext, archive: Archive): Params | null {
    const { space, rng } = context;
    const isNew = (params: Params): boolean => !archive.points.has(this.#encode(params));
    const even = sobolPoint(context);
    if (this.#beliefs.any && !this.#isModeTried(archive)) {
      const mode = this.#mode(even, rng);
      if (isNew(mode)) return mode;
    }
    if (this.#centre) {
      const centre = buildParams(space, ({ distribution }) => middleOf(distribution));
      if (isNew(centre)) return centre;
    }
    if (this.#beliefs.any && rng.next() < BELIEVED_SHARE * this.#beliefs.trust(archive)) {
      const drawn = this.#tree.decode(this.#beliefs.draw(rng));
      if (isNew(drawn)) return drawn;
    }
    return isNew(even) ? even : null;
  }

  #mode(even: Params, rng: Rng): Params {
    return buildParams(this.#space, ({ name, distribution, prior }, j) => {
      if (prior !== undefined) return prior;
      if (this.#centre) return middleOf(distribution);
      return even[name] ?? this.#tree.columns[j]!.decode(this.#tree.columns[j]!.at(rng.next()));
    });
  }

  /** Whether a trial has every prior that its conditions allow. */
  #isModeTried({ rows, size }: Archive): boolean {
    const width = this.#tree.columns.length;
    const priors = this.#space.flatMap(({ prior }, j) =>
      prior === undefined ? [] : [[j, this.#tree.columns[j]!.encode(prior)] as const],
    );
    for (let number = 0; number < size; number++) {
      const isMode = priors.every(([j, code]) => {
        const seen = rows[number * width + j]!;
        return Number.isNaN(seen)
          ? !this.#tree.isActive(j, rows.subarray(number * width, (number + 1) * width))
          : seen === code;
      });
      if (isMode) return true;
    }
    return false;
  }

  #encode(params: Params): Float64Array {
    const row = new Float64Array(this.#tree.columns.length);
    this.#tree.encode(params, row);
    return row;
  }
}
