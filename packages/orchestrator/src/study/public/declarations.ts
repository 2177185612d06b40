import type { Distribution, ParamValue } from '../../space/types.ts';

/** Carries the type of the values; there is nothing there at run time. */
declare const VALUE: unique symbol;

/** A parameter before it has a name: where its values come from, and what is known of them. */
export interface Declaration<V extends ParamValue = ParamValue> {
  readonly distribution: Distribution;
  readonly prior?: ParamValue;
  readonly priorConfidence?: number;
  readonly count?: number;
  readonly [VALUE]?: V;
}

/** Bounds that a number must keep; all that are given must hold. */
export interface NumberCondition {
  readonly ge?: number;
  readonly gt?: number;
  readonly le?: number;
  readonly lt?: number;
}

/** Names of other parameters, each with the value, the values or the bounds under which the condition holds. */
export type Conditions = Readonly<Record<string, ParamValue | readonly ParamValue[] | NumberCondition>>;

/** A parameter that exists only where all conditions hold. */
export interface ConditionalDeclaration<
  V extends ParamValue = ParamValue,
  C extends Conditions = Conditions,
> {
  readonly conditions: C;
  readonly declaration: Declaration<V>;
}

export type Declarations = Readonly<Record<string, Declaration | ConditionalDeclaration>>;

/** What is believed of a parameter before the first trial. */
export interface Belief<V extends ParamValue> {
  /** A value that is believed to be good. */
  readonly prior?: V;
  /** How sure that is, above 0 (hardly) to 1 (very). @default 0.5 */
  readonly priorConfidence?: number;
}

export interface FloatOptions extends Belief<number> {
  /** Uniform in the logarithm; the bounds are the values themselves. @default false */
  readonly log?: boolean;
  /** Values are multiples of it. */
  readonly step?: number;
  /** Points of a grid, where there is no `step`. */
  readonly count?: number;
}

/** A number from `low` to `high`, both included. */
export function float(low: number, high: number, options: FloatOptions = {}): Declaration<number> {
  const { log = false, step, ...rest } = options;
  return declare({ kind: 'float', low, high, log, ...(step === undefined ? {} : { step }) }, rest);
}

export interface IntOptions extends Belief<number> {
  readonly log?: boolean;
  /** Values are multiples of it; whole. @default 1 */
  readonly step?: number;
  readonly count?: number;
}

/** A whole number from `low` to `high`, both included. */
export function int(low: number, high: number, options: IntOptions = {}): Declaration<number> {
  const { log = false, step = 1, ...rest } = options;
  return declare({ kind: 'int', low, high, log, step }, rest);
}

export interface ChoiceOptions<V extends ParamValue> extends Belief<V> {
  /** One per value, together 1. @default all alike */
  readonly probabilities?: readonly number[];
  /** Whether the distance between the values counts. @default true where they are numbers in ascending order */
  readonly ordered?: boolean;
}

/** One of the values. */
export function choice<const V extends ParamValue>(
  values: readonly V[],
  options: ChoiceOptions<NoInfer<V>> = {},
): Declaration<V> {
  const { probabilities, ordered = isAscending(values), ...rest } = options;
  return declare(
    {
      kind: 'categorical',
      choices: [...values],
      ordered,
      ...(probabilities === undefined ? {} : { probabilities: [...probabilities] }),
    },
    rest,
  );
}

function isAscending(values: readonly ParamValue[]): boolean {
  return (
    values.length > 1 &&
    values.every((value, i) => typeof value === 'number' && (i === 0 || value > (values[i - 1] as number)))
  );
}

export interface NormalOptions extends Belief<number> {
  /** `mu` and `sigma` are those of the logarithm. @default false */
  readonly log?: boolean;
  readonly step?: number;
  /** Whole numbers. @default false */
  readonly int?: boolean;
}

/** A normally distributed number, without ends. */
export function normal(mu: number, sigma: number, options: NormalOptions = {}): Declaration<number> {
  const { log = false, int: whole = false, step, ...rest } = options;
  return declare(
    { kind: 'normal', mu, sigma, log, int: whole, ...(step === undefined ? {} : { step }) },
    rest,
  );
}

/** A value that is the same in every trial. */
export function constant<const V extends ParamValue>(value: V): Declaration<V> {
  return { distribution: { kind: 'constant', value } };
}

/**
 * A parameter that exists only where the conditions hold: `when({optimizer: 'sgd'}, float(0.5, 0.99))`. Elsewhere it
 * is absent from `params`, as is the child of an absent parameter.
 */
export function when<const C extends Conditions, V extends ParamValue>(
  conditions: C,
  declaration: Declaration<V>,
): ConditionalDeclaration<V, C> {
  return { conditions, declaration };
}

function declare<V extends ParamValue>(
  distribution: Distribution,
  { prior, priorConfidence, count }: Belief<ParamValue> & { readonly count?: number },
): Declaration<V> {
  return {
    distribution,
    ...(prior === undefined ? {} : { prior }),
    ...(priorConfidence === undefined ? {} : { priorConfidence }),
    ...(count === undefined ? {} : { count }),
  };
}
