/** One value that a parameter can take. Lists and objects are not values: spell them as several parameters. */
export type ParamValue = string | number | boolean | null;

/** The parameters of one trial. A parameter whose condition does not hold is absent, never null. */
export type Params = Record<string, ParamValue>;

/**
 * Where a parameter's values come from. Bounds are inclusive. `step` is the quantum q: values are multiples of q,
 * from the first multiple inside the bounds.
 */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: ParamValue }
  | {
      readonly kind: 'categorical';
      readonly choices: readonly ParamValue[];
      /** Same length as `choices`, sums to 1. */
      readonly probabilities?: readonly number[];
      /** The choices are numbers in ascending order, and the distance between them counts. */
      readonly ordered: boolean;
    }
  | {
      readonly kind: 'float';
      readonly low: number;
      readonly high: number;
      readonly log: boolean;
      readonly step?: number;
    }
  | {
      readonly kind: 'int';
      readonly low: number;
      readonly high: number;
      readonly log: boolean;
      readonly step: number;
    }
  | {
      readonly kind: 'normal';
      /** Mean and standard deviation, of the logarithm where `log`. */
      readonly mu: number;
      readonly sigma: number;
      readonly log: boolean;
      readonly step?: number;
      readonly int: boolean;
    };

/** One clause of `when`: the named, earlier parameter is present and has such a value. */
export type Condition =
  | { readonly parameter: string; readonly kind: 'in'; readonly values: readonly ParamValue[] }
  | {
      readonly parameter: string;
      readonly kind: 'compare';
      readonly ge?: number;
      readonly gt?: number;
      readonly le?: number;
      readonly lt?: number;
    };

export interface Parameter {
  readonly name: string;
  readonly distribution: Distribution;
  /** All must hold; empty for a parameter that is always there. */
  readonly when: readonly Condition[];
  /** A value that is believed to be good. */
  readonly prior?: ParamValue;
  /** How sure that belief is, above 0 (hardly) to 1 (very). @default 0.5 */
  readonly priorConfidence?: number;
  /** How many grid points a continuous parameter gets when no `q` says it. */
  readonly count?: number;
}

/** Parameters in dependency order: a condition only names earlier ones. */
export type Space = readonly Parameter[];
