import type { Condition, Distribution, Parameter, ParamValue } from '../../space/types.ts';
import { createPureStudy } from '../study.ts';
import type { Study, StudyOptions } from '../types.ts';

export function parameter(name: string, distribution: Distribution, ...when: Condition[]): Parameter {
  return { name, distribution, when };
}

export const float = (
  low: number,
  high: number,
  rest: { log?: boolean; step?: number } = {},
): Distribution => ({
  kind: 'float',
  low,
  high,
  log: false,
  ...rest,
});

export const int = (
  low: number,
  high: number,
  rest: { log?: boolean; step?: number } = {},
): Distribution => ({
  kind: 'int',
  low,
  high,
  log: false,
  step: 1,
  ...rest,
});

export const oneOf = (...choices: ParamValue[]): Distribution => ({
  kind: 'categorical',
  choices,
  ordered: false,
});
export const ordinal = (...choices: number[]): Distribution => ({
  kind: 'categorical',
  choices,
  ordered: true,
});
export const isIn = (name: string, ...values: ParamValue[]): Condition => ({
  parameter: name,
  kind: 'in',
  values,
});
export const atLeast = (name: string, ge: number): Condition => ({ parameter: name, kind: 'compare', ge });

export const DEFAULTS: StudyOptions = {
  parameters: [parameter('x', float(0, 1))],
  metric: { goal: 'minimize', reduce: { type: 'last' } },
  method: 'random',
  sampler: { type: 'auto', options: {} },
  scheduler: null,
  seed: 1,
  runCap: null,
  maxStep: null,
  points: [],
};

export function studyWith(options: Partial<StudyOptions>): Study {
  return createPureStudy({ ...DEFAULTS, ...options });
}
