import { axisOf } from '../../space/axis.ts';
import { admits } from '../../space/conditions.ts';
import { gridLevels } from '../../space/grid.ts';
import { buildParams } from '../../space/points.ts';
import type { Parameter, Params, ParamValue, Space } from '../../space/types.ts';
import { fromUnit, quantile, toUnit } from '../../space/unit.ts';
import type { Rng } from '../../study/rng.ts';

/** Quantised parameters with more values than this are modelled as continuous ones, and rounded. */
const MAX_LEVELS = 64;

/** One parameter as the densities see it: a number in [0, 1], or the index of a level. */
export interface Column {
  readonly parameter: Parameter;
  /** Number of levels; 0 where the values are (nearly) continuous. */
  readonly levels: number;
  /** Whether the distribution has finitely many values, however many. */
  readonly isListed: boolean;
  /** Where each level stands in [0, 1]; null for unordered choices and for continuous columns. */
  readonly centres: Float64Array | null;
  /** Probability of each level under the distribution itself; empty for continuous columns. */
  readonly masses: Float64Array;
  /** NaN for a value that the distribution does not have. */
  encode(value: ParamValue | undefined): number;
  decode(code: number): ParamValue;
  /** The code at a share of the distribution: uniform shares give its draws. */
  at(share: number): number;
  /** The code of the value that a number in [0, 1] stands for (continuous columns). */
  snap(code: number): number;
}

/** A point of the space as one number per parameter: its code, NaN where the parameter is absent. */
export type Row = Float64Array;

/** The space, compiled: points to rows and back, and which columns exist at a row. */
export class Tree {
  readonly columns: readonly Column[];
  readonly #space: Space;
  readonly #when: ReadonlyArray<ReadonlyArray<readonly [parent: number, admits: (code: number) => boolean]>>;

  constructor(space: Space) {
    this.#space = space;
    this.columns = space.map(createColumn);
    const indexOf = new Map(space.map(({ name }, index) => [name, index]));
    this.#when = space.map(({ when }) =>
      when.map((condition) => {
        const parent = indexOf.get(condition.parameter)!;
        const column = this.columns[parent]!;
        const test = (code: number): boolean => admits(condition, column.decode(code));
        if (column.levels === 0) return [parent, test] as const;
        const table = Array.from({ length: column.levels }, (_, level) => test(level));
        return [parent, (level: number) => table[level]!] as const;
      }),
    );
  }

  /** Whether column `j` exists, given the columns before it. */
  isActive(j: number, row: Row): boolean {
    for (const [parent, holds] of this.#when[j]!) {
      const code = row[parent]!;
      if (Number.isNaN(code) || !holds(code)) return false;
    }
    return true;
  }

  encode(params: Params, into: Float64Array, offset = 0): void {
    for (const [j, column] of this.columns.entries()) {
      const name = column.parameter.name;
      into[offset + j] = Object.hasOwn(params, name) ? column.encode(params[name]) : Number.NaN;
    }
  }

  decode(row: Row): Params {
    return buildParams(this.#space, (_, j) => this.columns[j]!.decode(row[j]!));
  }

  /** A point of the whole tree, from the distributions. */
  draw(rng: Rng): Row {
    return this.build((j) => this.columns[j]!.at(rng.next()));
  }

  /** A row, column by column in order; those that do not exist become NaN. */
  build(choose: (j: number) => number): Row {
    const row = new Float64Array(this.columns.length).fill(Number.NaN);
    for (let j = 0; j < row.length; j++) if (this.isActive(j, row)) row[j] = choose(j);
    return row;
  }
}

function createColumn(parameter: Parameter): Column {
  const { distribution } = parameter;
  const levels = isListed(parameter) ? gridLevels(withoutCount(parameter)) : null;
  if (levels === null || levels.count > MAX_LEVELS) return continuousColumn(parameter);
  const axis = axisOf(distribution);
  const values = Array.from({ length: levels.count }, (_, i) => levels.at(i));
  const indices = new Map(values.map((value, index) => [value, index]));
  const encode = (value: ParamValue | undefined): number => indices.get(value as ParamValue) ?? Number.NaN;
  const centres =
    axis.kind === 'numeric' ? Float64Array.from(values, (value) => toUnit(distribution, value)) : null;
  return {
    parameter,
    levels: values.length,
    isListed: true,
    centres,
    masses: levelMasses(parameter, values),
    encode,
    decode: (code) => values[code]!,
    at: (share) => encode(quantile(distribution, share)),
    snap: (code) => code,
  };
}

/** `count` thins a grid, not the space. */
function withoutCount({ count: _, ...parameter }: Parameter): Parameter {
  return parameter;
}

function isListed({ distribution: d }: Parameter): boolean {
  if (d.kind === 'normal') return false;
  return d.kind !== 'float' || d.step !== undefined || d.low === d.high;
}

function levelMasses({ distribution: d }: Parameter, values: readonly ParamValue[]): Float64Array {
  const axis = axisOf(d);
  if (axis.kind === 'choices') return Float64Array.from(axis.probabilities);
  if (d.kind === 'categorical') return new Float64Array(values.length).fill(1 / values.length);
  return Float64Array.from(values, (value) => {
    const [low, high] = axis.cell!(value as number);
    return (high - low) / axis.span;
  });
}

function continuousColumn(parameter: Parameter): Column {
  const { distribution } = parameter;
  const encode = (value: ParamValue | undefined): number =>
    typeof value === 'number' ? toUnit(distribution, value) : Number.NaN;
  return {
    parameter,
    levels: 0,
    isListed: isListed(parameter),
    centres: null,
    masses: new Float64Array(0),
    encode,
    decode: (code) => fromUnit(distribution, code),
    at: (share) => encode(quantile(distribution, share)),
    snap: (code) => encode(fromUnit(distribution, code)),
  };
}
