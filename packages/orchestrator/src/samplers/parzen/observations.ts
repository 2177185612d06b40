import { type Axis, axisOf } from '../../space/axis.ts';
import type { Parameter, Space } from '../../space/types.ts';
import type { ObservedTrial } from '../sampler.ts';

/** One parameter's values over the whole history, by trial number. */
export interface Column {
  readonly parameter: Parameter;
  readonly axis: Axis;
  /** Position on the axis, index of the choice, or NaN where the parameter is absent; longer than the history. */
  readonly values: Float64Array;
  /** Numbers of the trials that have the parameter, by ascending position (numeric axes only). */
  readonly order: readonly number[];
}

/** The history as columns, kept from ask to ask: only new trials are added, because parameters never change. */
export class Observations {
  readonly columns: Column[];
  #size = 0;
  readonly #growing: GrowingColumn[];

  constructor(space: Space) {
    this.#growing = space.map((parameter) => new GrowingColumn(parameter));
    this.columns = this.#growing;
  }

  add(history: readonly ObservedTrial[]): void {
    for (; this.#size < history.length; this.#size++) {
      for (const column of this.#growing) column.push(this.#size, history[this.#size]!);
    }
  }
}

class GrowingColumn implements Column {
  readonly parameter: Parameter;
  readonly axis: Axis;
  values = new Float64Array(64);
  readonly order: number[] = [];

  constructor(parameter: Parameter) {
    this.parameter = parameter;
    this.axis = axisOf(parameter.distribution);
  }

  push(number: number, { params }: ObservedTrial): void {
    if (number === this.values.length) {
      const wider = new Float64Array(2 * number);
      wider.set(this.values);
      this.values = wider;
    }
    const position = this.#position(params[this.parameter.name]);
    this.values[number] = position;
    if (this.axis.kind === 'numeric' && !Number.isNaN(position))
      this.order.splice(this.#rank(position), 0, number);
  }

  #position(value: ObservedTrial['params'][string] | undefined): number {
    if (value === undefined) return Number.NaN;
    if (this.axis.kind === 'numeric')
      return typeof value === 'number' ? this.axis.position(value) : Number.NaN;
    const index = this.axis.indexOf(value);
    return index < 0 ? Number.NaN : index;
  }

  /** Behind all that are not greater: ties stay in order of number. */
  #rank(position: number): number {
    let from = 0;
    let to = this.order.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.values[this.order[middle]!]! <= position) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
