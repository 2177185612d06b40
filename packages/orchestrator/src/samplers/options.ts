import { didYouMean } from '../config/nearest.ts';
import { TfsweepError } from '../errors.ts';
import type { GpOptions } from './gp.ts';
import type { TpeOptions } from './tpe.ts';

/** A sampler's option that does not exist or has a value that makes no sense. */
export class SamplerOptionError extends TfsweepError {
  constructor(message: string) {
    super('SAMPLER_OPTION', message, { exitCode: 2 });
  }
}

interface NumberOption {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

const count = (fallback: number, min: number): NumberOption => ({
  default: fallback,
  min,
  max: 1_000_000,
  whole: true,
});

/** Names and defaults are Optuna's (`TPESampler`), so that its documentation holds here too. */
const TPE = {
  n_startup_trials: count(10, 0),
  n_ei_candidates: count(24, 1),
  gamma: { default: 0.1, min: 0, max: 1, whole: false },
  max_good: count(25, 1),
  prior_weight: { default: 1, min: 1e-6, max: 1_000_000, whole: false },
} as const satisfies Record<string, NumberOption>;

/** @throws SamplerOptionError for an option that is not TPE's, naming the nearest, or out of its range. */
export function checkTpeOptions(sampler: string, options: Readonly<Record<string, unknown>>): TpeOptions {
  const checked = readNumbers(sampler, options, TPE);
  return {
    startupTrials: checked.n_startup_trials,
    candidates: checked.n_ei_candidates,
    gamma: checked.gamma,
    maxGood: checked.max_good,
    priorWeight: checked.prior_weight,
  };
}

const GP = { n_startup_trials: count(10, 0) } as const satisfies Record<string, NumberOption>;

/** @throws SamplerOptionError for an option that is not the Gaussian process's, or out of its range. */
export function checkGpOptions(sampler: string, options: Readonly<Record<string, unknown>>): GpOptions {
  const { centre = true, ...rest } = options;
  if (typeof centre !== 'boolean') {
    throw new SamplerOptionError(
      `The option \`centre\` of the sampler \`${sampler}\` is ${JSON.stringify(centre)}; it must be true or false.`,
    );
  }
  return { startupTrials: readNumbers(sampler, rest, GP).n_startup_trials, centre };
}

/** For samplers that have nothing to set. */
export function checkNoOptions(sampler: string, options: Readonly<Record<string, unknown>>): void {
  readNumbers(sampler, options, {});
}

function readNumbers<K extends string>(
  sampler: string,
  options: Readonly<Record<string, unknown>>,
  known: Readonly<Record<K, NumberOption>>,
): Record<K, number> {
  const names = Object.keys(known) as K[];
  for (const name of Object.keys(options)) {
    if ((names as string[]).includes(name)) continue;
    const all = names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none.';
    throw new SamplerOptionError(
      `The sampler \`${sampler}\` has no option \`${name}\`${didYouMean(name, names) || '.'} ${all}`,
    );
  }
  const checked = {} as Record<K, number>;
  for (const name of names) checked[name] = readNumber(sampler, name, options[name], known[name]);
  return checked;
}

function readNumber(sampler: string, name: string, value: unknown, option: NumberOption): number {
  if (value === undefined) return option.default;
  const fits = typeof value === 'number' && value >= option.min && value <= option.max;
  if (fits && (!option.whole || Number.isInteger(value))) return value;
  throw new SamplerOptionError(
    `The option \`${name}\` of the sampler \`${sampler}\` is ${JSON.stringify(value)}; ` +
      `it must be a ${option.whole ? 'whole ' : ''}number from ${option.min} to ${option.max}.`,
  );
}
