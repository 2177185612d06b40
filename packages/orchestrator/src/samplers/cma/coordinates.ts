import { axisOf, type ChoiceAxis, type NumericAxis } from '../../space/axis.ts';
import { normalCdf, normalQuantile } from '../../space/normal.ts';
import { buildParams } from '../../space/points.ts';
import { indexAtShare } from '../../space/shares.ts';
import type { Parameter, Params, Space } from '../../space/types.ts';
import { fromUnit, toUnit } from '../../space/unit.ts';
import type { Rng } from '../../study/rng.ts';
import { deviation, type Gaussian } from './gaussian.ts';
import type { CellAt } from './margin.ts';

interface NumericCoordinate {
  readonly parameter: Parameter;
  readonly cellAt: CellAt;
}

interface ChoiceCoordinate {
  readonly parameter: Parameter;
  readonly axis: ChoiceAxis;
}

/** The parameters of a space as a vector of positions in the unit cube and a vector of choices. */
export class Coordinates {
  readonly numeric: readonly NumericCoordinate[];
  readonly choices: readonly ChoiceCoordinate[];

  constructor(space: Space) {
    const numeric: NumericCoordinate[] = [];
    const choices: ChoiceCoordinate[] = [];
    for (const parameter of space) {
      const axis = axisOf(parameter.distribution);
      if (axis.kind === 'numeric') numeric.push({ parameter, cellAt: cellsOf(parameter, axis) });
      else if (axis.values.length > 1) choices.push({ parameter, axis });
    }
    this.numeric = numeric;
    this.choices = choices;
  }

  get cells(): CellAt[] {
    return this.numeric.map(({ cellAt }) => cellAt);
  }

  /** The parameters at these positions and choices; what lies beyond the cube is put onto its face. */
  params(space: Space, positions: Float64Array, choices: readonly number[]): Params {
    const at = new Map(this.numeric.map(({ parameter }, j) => [parameter.name, positions[j]!]));
    const chosen = new Map(
      this.choices.map(({ parameter, axis }, k) => [parameter.name, axis.values[choices[k]!]!]),
    );
    return buildParams(space, ({ name, distribution }) => {
      const position = at.get(name);
      if (position !== undefined) return fromUnit(distribution, Math.min(1, Math.max(0, position)));
      return chosen.get(name) ?? fromUnit(distribution, 0.5);
    });
  }

  drawChoices(probabilities: readonly (readonly number[])[], rng: Rng): number[] {
    return probabilities.map((ps) => indexAtShare(ps, rng.next()));
  }

  /**
   * Where a trial stands. What its parameters leave open is drawn from the distribution itself, so that it pulls nowhere:
   * the position of an absent parameter, and the position inside of the mean's own cell. In any other cell it is the
   * middle (integer centering: Marty et al. 2024).
   */
  positions(params: Params, gaussian: Gaussian, rng: Rng): Float64Array {
    return Float64Array.from(this.numeric, ({ parameter: { name, distribution }, cellAt }, j) => {
      const [mean, width, u] = [gaussian.mean[j]!, deviation(gaussian, j), rng.next()];
      const value = params[name];
      if (typeof value !== 'number') return truncatedNormal(mean, width, 0, 1, u);
      const position = toUnit(distribution, value);
      const cell = cellAt(position);
      if (cell === null || mean < cell[0] || mean >= cell[1]) return position;
      return truncatedNormal(mean, width, cell[0], cell[1], u);
    });
  }

  /** Index of each choice, -1 where the parameter is absent. */
  chosen(params: Params): number[] {
    return this.choices.map(({ parameter: { name }, axis }) =>
      Object.hasOwn(params, name) ? axis.indexOf(params[name]!) : -1,
    );
  }
}

/** The value at a share `u` of a normal distribution's part between two bounds. */
function truncatedNormal(mean: number, width: number, low: number, high: number, u: number): number {
  const [below, above] = [normalCdf((low - mean) / width), normalCdf((high - mean) / width)];
  const p = below + u * (above - below);
  if (!(p > 0 && p < 1)) return Math.min(high, Math.max(low, mean));
  return Math.min(high, Math.max(low, mean + width * normalQuantile(p)));
}

function cellsOf({ distribution }: Parameter, axis: NumericAxis): CellAt {
  const { cell } = axis;
  if (cell === null) return () => null;
  const share = (position: number): number =>
    Number.isFinite(axis.low)
      ? (position - axis.low) / (axis.high - axis.low)
      : normalCdf((position - axis.mean) / axis.spread);
  return (position) => {
    const [low, high] = cell(fromUnit(distribution, position) as number);
    return [share(low), share(high)];
  };
}
