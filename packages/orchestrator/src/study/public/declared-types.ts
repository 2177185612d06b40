import type { ParamValue } from '../../space/types.ts';
import type {
  ConditionalDeclaration,
  Conditions,
  Declaration,
  Declarations,
  NumberCondition,
} from './declarations.ts';

type ValueOf<D> = D extends ConditionalDeclaration<infer V> ? V : D extends Declaration<infer V> ? V : never;

type Conditional<P> = {
  [K in keyof P]: P[K] extends ConditionalDeclaration ? K : never;
}[keyof P];

type Flat<T> = { [K in keyof T]: T[K] } & {};

/** The type of a trial's `params`: what was declared, and with a question mark what exists under a condition. */
export type ParamsOf<P extends Declarations> = Flat<
  { readonly [K in Exclude<keyof P, Conditional<P>>]: ValueOf<P[K]> } & {
    readonly [K in Conditional<P>]?: ValueOf<P[K]>;
  }
>;

type ConditionOn<V extends ParamValue> = V | readonly V[] | (V extends number ? NumberCondition : never);

/** The same declarations, where each condition names another parameter and values that it can have. */
export type Checked<P extends Declarations> = {
  readonly [K in keyof P]: P[K] extends ConditionalDeclaration<infer V, infer C>
    ? ConditionalDeclaration<V, CheckedConditions<P, K, C>>
    : P[K];
};

type CheckedConditions<P extends Declarations, Own, C extends Conditions> = {
  readonly [N in keyof C]: N extends Exclude<keyof P, Own> ? ConditionOn<ValueOf<P[N]>> : never;
};
