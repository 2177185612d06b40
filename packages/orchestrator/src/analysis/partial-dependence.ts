import type { ParamValue, Space } from '../space/types.ts';
import { type AnalysedTrial, finiteLosses } from './analysed-trials.ts';
import { Forests } from './forest/forests.ts';

export interface DependencePoint {
  readonly value: ParamValue;
  /** What the model expects of the metric there, in its own sign, averaged over all other parameters. */
  readonly mean: number;
  /** How far the trees of the forest disagree: a standard deviation. */
  readonly deviation: number;
}

/** For a slice plot. */
export interface Slice {
  readonly parameter: string;
  readonly points: readonly DependencePoint[];
  /** Trials that have the parameter, as a share of all. */
  readonly present: number;
}

/** For a contour plot. */
export interface Contour {
  readonly parameters: readonly [string, string];
  readonly x: readonly ParamValue[];
  readonly y: readonly ParamValue[];
  /** What the model expects: row by row of `y`, in it by `x`. */
  readonly mean: ReadonlyArray<readonly number[]>;
  readonly present: number;
}

/** Points along a continuous parameter. */
const SLICE_POINTS = 48;
const CONTOUR_POINTS = 24;

/**
 * Partial dependence (Friedman 2001, section 8.2) of the metric on one parameter or two, from the random forest that
 * fANOVA uses: the exact mean of its prediction over all other parameters, drawn from their distributions. A parameter
 * under a condition is looked at where it exists, by a forest of the trials that have it; two, where both do.
 */
export class PartialDependence {
  readonly #forests: Forests;

  /** @param trials the complete ones; @param seed of the forests */
  constructor(space: Space, trials: readonly AnalysedTrial[], seed = 0) {
    // Not turned into losses: what is shown is the metric itself.
    const { params, losses } = finiteLosses(trials, 'minimize');
    this.#forests = new Forests(space, params, losses, seed);
  }

  /** @returns null where the trials say nothing of the parameter: it had one value, or too few trials have it. */
  slice(parameter: string): Slice | null {
    const { forest, effects, share, featureOf } = this.#forests.where([parameter]);
    const feature = featureOf(parameter);
    if (feature < 0) return null;
    const { mean, deviation } = effects.marginal(feature);
    const points = forest.features[feature]!.points(SLICE_POINTS).map(({ value, bin }) => ({
      value,
      mean: this.#inUnits(mean[bin]!),
      deviation: this.#forests.scale * deviation[bin]!,
    }));
    return { parameter, points, present: share };
  }

  /** @returns null where the trials say nothing of one of the two, or where they never exist together. */
  contour(x: string, y: string): Contour | null {
    const { forest, effects, share, featureOf } = this.#forests.where([x, y]);
    const [a, b] = [featureOf(x), featureOf(y)];
    if (a < 0 || b < 0 || a === b) return null;
    const [mainA, mainB, joint] = [effects.main(a), effects.main(b), effects.interaction(a, b)];
    const columns = forest.features[a]!.points(CONTOUR_POINTS);
    const rows = forest.features[b]!.points(CONTOUR_POINTS);
    const mean = rows.map((row) =>
      columns.map((column) =>
        this.#inUnits(
          effects.mean + mainA[column.bin]! + mainB[row.bin]! + joint[column.bin * mainB.length + row.bin]!,
        ),
      ),
    );
    return {
      parameters: [x, y],
      x: columns.map(({ value }) => value),
      y: rows.map(({ value }) => value),
      mean,
      present: share,
    };
  }

  /** Of the metric itself. */
  #inUnits(value: number): number {
    return this.#forests.offset + this.#forests.scale * value;
  }
}
