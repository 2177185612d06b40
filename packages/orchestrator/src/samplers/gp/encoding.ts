import { axisOf, type ChoiceAxis, type NumericAxis } from '../../space/axis.ts';
import { isActive } from '../../space/conditions.ts';
import { multiplesWithin } from '../../space/levels.ts';
import { buildParams } from '../../space/points.ts';
import type { Distribution, Parameter, Params, ParamValue, Space } from '../../space/types.ts';
import { fromUnit, toUnit } from '../../space/unit.ts';

/** Where absent parameters stand, so that they never tell two points apart. */
const ABSENT_NUMBER = 0.5;
const ABSENT_CHOICE = -1;
/** A discrete parameter with more values than this is searched as if it were continuous, then rounded. */
const MANY_LEVELS = 16;

/** One coordinate of the model: a parameter that has more than one value. */
export interface Column {
  readonly parameter: Parameter;
  readonly isChoice: boolean;
  /** All positions that a search may take, ascending; null where it moves continuously. */
  readonly levels: Float64Array | null;
  /** Moves continuously, but only some positions are values. */
  readonly isRounded: boolean;
}

/** Parameters ⇄ points of the model: numbers in [0, 1] on their own scale, choices by index. */
export class Encoding {
  readonly space: Space;
  readonly columns: readonly Column[];
  /** 1 for choices. */
  readonly isChoice: Uint8Array;
  /** Columns that hang together by conditions; single columns where there are none. */
  readonly trees: readonly (readonly number[])[];
  readonly isConditional: boolean;
  /** Columns of the model beyond the parameters, all 0 for whole trials of this sweep: one per earlier task … */
  readonly tasks: readonly number[];
  /** … and how far a trial is from its last step, 1 at the first; null where no step but the last counts. */
  readonly fidelity: number | null;
  /** Of a point of the model. */
  readonly width: number;
  readonly #columnOf: ReadonlyMap<string, number>;
  readonly #activities = new WeakMap<Float64Array, Uint8Array>();

  constructor(space: Space, tasks = 0, hasFidelity = false) {
    this.space = space;
    this.columns = space.filter(({ distribution }) => !isConstant(distribution)).map(createColumn);
    const own = this.columns.length;
    this.tasks = Array.from({ length: tasks }, (_, k) => own + k);
    this.fidelity = hasFidelity ? own + tasks : null;
    this.width = own + tasks + (hasFidelity ? 1 : 0);
    this.isChoice = new Uint8Array(this.width);
    for (const [c, { isChoice }] of this.columns.entries()) this.isChoice[c] = isChoice ? 1 : 0;
    this.#columnOf = new Map(this.columns.map(({ parameter }, c) => [parameter.name, c]));
    this.isConditional = space.some(({ when }) => when.length > 0);
    this.trees = conditionTrees(space, this.#columnOf);
  }

  /** A whole trial of this sweep. */
  encode(params: Params): Float64Array {
    const point = new Float64Array(this.width);
    for (const [c, { parameter, isChoice }] of this.columns.entries()) {
      const value = params[parameter.name];
      if (value === undefined) point[c] = isChoice ? ABSENT_CHOICE : ABSENT_NUMBER;
      else if (isChoice) point[c] = (axisOf(parameter.distribution) as ChoiceAxis).indexOf(value);
      else point[c] = toUnit(parameter.distribution, value);
    }
    return point;
  }

  /** The parameters at a full point, one that has a position for every column, active or not. */
  decode(full: Float64Array): Params {
    return buildParams(this.space, (parameter) => this.#value(parameter, full));
  }

  /** The model's view of a full point: rounded to values, absent parameters at their one place. */
  settle(full: Float64Array, out: Float64Array): Float64Array {
    const present: Params = {};
    for (const parameter of this.space) {
      const c = this.#columnOf.get(parameter.name);
      if (this.isConditional && !isActive(parameter, present)) {
        if (c !== undefined) out[c] = this.isChoice[c] === 1 ? ABSENT_CHOICE : ABSENT_NUMBER;
        continue;
      }
      if (c !== undefined) out[c] = this.#rounded(c, full[c]!);
      if (this.isConditional) present[parameter.name] = this.#value(parameter, full);
    }
    return out;
  }

  /** Which columns exist at a full point, 1 or 0. */
  activity(full: Float64Array, out: Uint8Array): Uint8Array {
    out.fill(1);
    if (!this.isConditional) return out;
    const params = this.decode(full);
    for (const [c, { parameter }] of this.columns.entries())
      out[c] = Object.hasOwn(params, parameter.name) ? 1 : 0;
    return out;
  }

  /** Positions one change away: every other level, or the values next to a rounded one. */
  neighbours(c: number, position: number): readonly number[] {
    const { levels, isRounded, parameter } = this.columns[c]!;
    if (levels !== null) return [...levels].filter((level) => level !== position);
    if (!isRounded) return [];
    const { cell, position: place, low, high } = axisOf(parameter.distribution) as NumericAxis;
    const value = fromUnit(parameter.distribution, position) as number;
    const [below, above] = cell!(value);
    return [below - (place(value) - below), above + (above - place(value))]
      .filter((at) => at > low && at < high)
      .map((at) => toUnit(parameter.distribution, (axisOf(parameter.distribution) as NumericAxis).value(at)));
  }

  /** Whether a point of the model, which must not change any more, has the column's parameter. */
  has(point: Float64Array, c: number): boolean {
    if (!this.isConditional) return true;
    let activity = this.#activities.get(point);
    if (activity === undefined) {
      activity = this.activity(point, new Uint8Array(this.columns.length));
      this.#activities.set(point, activity);
    }
    return activity[c] === 1;
  }

  #rounded(c: number, position: number): number {
    const { isChoice, isRounded, parameter } = this.columns[c]!;
    if (isChoice || !isRounded) return position;
    return toUnit(parameter.distribution, fromUnit(parameter.distribution, position));
  }

  #value({ name, distribution }: Parameter, full: Float64Array): ParamValue {
    const c = this.#columnOf.get(name);
    if (c === undefined) return fromUnit(distribution, 0.5);
    if (this.isChoice[c] === 1) return (axisOf(distribution) as ChoiceAxis).values[full[c]!]!;
    return fromUnit(distribution, full[c]!);
  }
}

function isConstant(distribution: Distribution): boolean {
  const axis = axisOf(distribution);
  return axis.kind === 'choices' && axis.probabilities.filter((p) => p > 0).length <= 1;
}

function createColumn(parameter: Parameter): Column {
  const axis = axisOf(parameter.distribution);
  if (axis.kind === 'choices') {
    // Of probability 0 means never.
    const levels = [...axis.probabilities.keys()].filter((index) => axis.probabilities[index]! > 0);
    return { parameter, isChoice: true, levels: Float64Array.from(levels), isRounded: false };
  }
  const levels = fewLevels(parameter.distribution);
  const isRounded = axis.cell !== null;
  return { parameter, isChoice: false, levels, isRounded };
}

function fewLevels(d: Distribution): Float64Array | null {
  const values = valuesOf(d);
  return values === null ? null : Float64Array.from(values, (value) => toUnit(d, value));
}

function valuesOf(d: Distribution): readonly ParamValue[] | null {
  if (d.kind === 'categorical') return d.choices.length <= MANY_LEVELS ? d.choices : null;
  if (d.kind !== 'int' && d.kind !== 'float') return null;
  if (d.step === undefined) return null;
  const levels = multiplesWithin(d.low, d.high, d.step);
  return levels.count <= MANY_LEVELS ? Array.from({ length: levels.count }, (_, i) => levels.at(i)) : null;
}

/** Connected by `when`, each in the order of the space. */
function conditionTrees(space: Space, columnOf: ReadonlyMap<string, number>): number[][] {
  const roots = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    while (roots.get(root) !== root) root = roots.get(root)!;
    return root;
  };
  for (const { name, when } of space) {
    roots.set(name, name);
    for (const condition of when) roots.set(rootOf(condition.parameter), name);
  }
  const trees = new Map<string, number[]>();
  for (const [name, c] of columnOf) {
    const root = rootOf(name);
    const tree = trees.get(root);
    if (tree === undefined) trees.set(root, [c]);
    else tree.push(c);
  }
  return [...trees.values()];
}
