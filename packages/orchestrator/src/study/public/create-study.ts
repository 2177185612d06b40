import { didYouMean } from '../../config/nearest.ts';
import { isSamplerPlugin, type SamplerPlugin } from '../../samplers/plugin.ts';
import { activeParameters } from '../../space/conditions.ts';
import { checkPoint, misfit } from '../../space/points.ts';
import type { Params, Space } from '../../space/types.ts';
import { createPureStudy } from '../study.ts';
import { StudyError } from '../study-error.ts';
import type { Study as PureStudy, StudyOptions as PureStudyOptions, TellOutcome } from '../types.ts';
import type { Declarations } from './declarations.ts';
import type { ParamsOf } from './declared-types.ts';
import { optimize } from './optimize.ts';
import { readDeclarations } from './read-declarations.ts';
import type { Study, StudyOptions } from './types.ts';

/**
 * A search as a library: no file, no network, no Node API, so that it runs in a browser too.
 * ```ts
 * const study = createStudy({
 *   parameters: { rate: float(1e-5, 0.1, { log: true }), units: int(16, 256) },
 *   metric: { goal: 'maximize' },
 * });
 * const best = await study.optimize(({ rate, units }) => accuracyOf(rate, units), { trials: 30 });
 * ```
 * @throws SpaceError, SamplerOptionError, SamplerPluginError or StudyError where the options make no sense.
 */
export function createStudy<const P extends Declarations>(options: StudyOptions<P>): Study<ParamsOf<P>> {
  checkKeys(options);
  const space = readDeclarations(options.parameters);
  const pure = createPureStudy({
    parameters: space,
    metric: { goal: options.metric?.goal ?? 'minimize', reduce: options.metric?.reduce ?? { type: 'last' } },
    ...readSampler(options.sampler ?? 'auto'),
    scheduler: options.scheduler ?? null,
    seed: options.seed ?? 0,
    runCap: options.runCap ?? null,
    maxStep: options.maxStep ?? null,
    points: (options.points ?? []) as readonly Params[],
  });
  return typed<ParamsOf<P>>(pure, space, options.metric ?? {});
}

const KEYS = [
  'parameters',
  'metric',
  'sampler',
  'scheduler',
  'maxStep',
  'seed',
  'runCap',
  'points',
] as const satisfies readonly (keyof StudyOptions<Declarations>)[];

/** For callers without types. */
function checkKeys(options: object): void {
  for (const key of Object.keys(options)) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    throw new StudyError(
      `createStudy has no option \`${key}\`${didYouMean(key, KEYS) || `; it has ${KEYS.join(', ')}.`}`,
    );
  }
  const { parameters } = options as { readonly parameters?: unknown };
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    throw new StudyError(
      'createStudy needs `parameters`: an object such as {rate: float(1e-5, 0.1, {log: true})}.',
    );
  }
}

type SamplerPart = Pick<PureStudyOptions, 'method' | 'sampler' | 'samplerPlugin'>;

function readSampler(sampler: NonNullable<StudyOptions<Declarations>['sampler']>): SamplerPart {
  if (isSamplerPlugin(sampler)) return pluginPart(sampler);
  const { type, ...options } = typeof sampler === 'string' ? { type: sampler } : sampler;
  const method = type === 'grid' ? 'grid' : type === 'random' || type === 'sobol' ? 'random' : 'bayes';
  return { method, sampler: { type, options } };
}

function pluginPart(samplerPlugin: SamplerPlugin): SamplerPart {
  return { method: 'bayes', sampler: { type: 'module', options: {} }, samplerPlugin };
}

/** The space vouches for the type: it was made of the declarations that `T` is derived from. */
function typed<T>(
  pure: PureStudy,
  space: Space,
  metric: NonNullable<StudyOptions<Declarations>['metric']>,
): Study<T> {
  const study: Study<T> = {
    ask: () => pure.ask() as ReturnType<Study<T>['ask']>,
    report: (number, step, value) => pure.report(number, step, value),
    tell: (number, outcome) => ({ value: pure.tell(number, readOutcome(outcome)).value }),
    add: (params, outcome) => {
      const point = { ...params } as Params;
      checkPoint(space, point);
      const names = activeParameters(space, point).map(({ name }) => name);
      if (Object.keys(point).some((name) => !names.includes(name))) throw misfit(space, point);
      const missing = names.find((name) => !Object.hasOwn(point, name));
      if (missing !== undefined)
        throw new StudyError(`A known result needs all parameters; \`${missing}\` is missing.`);
      const { number } = pure.restore(point);
      pure.tell(number, readOutcome(outcome));
      return number;
    },
    best: () => {
      const best = pure.best();
      return best && { number: best.number, value: best.value, params: best.params as T };
    },
    trials: () => pure.trials() as unknown as ReturnType<Study<T>['trials']>,
    remaining: () => pure.remaining(),
    optimize: (objective, options = {}) => optimize(study, metric, objective, options),
  };
  return study;
}

function readOutcome(outcome: number | TellOutcome | undefined): TellOutcome {
  if (outcome === undefined) return { state: 'complete' };
  // What is no number is the study's to refuse.
  return typeof outcome === 'object' && outcome !== null ? outcome : { state: 'complete', value: outcome };
}
