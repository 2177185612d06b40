import { didYouMean } from '../../config/nearest.ts';
import { isSamplerPlugin, type SamplerPlugin } from '../../samplers/plugin.ts';
import type { Params } from '../../space/types.ts';
import { createPureStudy } from '../study.ts';
import { StudyError } from '../study-error.ts';
import type { StudyOptions as PureStudyOptions } from '../types.ts';
import type { Declarations } from './declarations.ts';
import type { ParamsOf } from './declared-types.ts';
import { type Metrics, readMetrics, targetOf, type ValuesOf } from './metrics.ts';
import { readDeclarations } from './read-declarations.ts';
import { readScheduling } from './schedulers.ts';
import { TypedStudy } from './typed-study.ts';
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
export function createStudy<const P extends Declarations, const M extends Metrics | undefined = undefined>(
  options: StudyOptions<P, M>,
): Study<ParamsOf<P>, ValuesOf<M>> {
  checkKeys(options);
  const { metric, metrics } = options;
  const space = readDeclarations(options.parameters);
  const pure = createPureStudy({
    parameters: space,
    ...readMetrics(metric, metrics),
    ...readSampler(options.sampler ?? 'auto'),
    scheduler:
      options.scheduler === undefined ? null : readScheduling(options.scheduler, options.maxStep ?? null),
    seed: options.seed ?? 0,
    runCap: options.runCap ?? null,
    maxStep: options.maxStep ?? null,
    points: (options.points ?? []) as readonly Params[],
    transfer: options.transfer ?? [],
    lag: options.lag ?? null,
  });
  return new TypedStudy<ParamsOf<P>, ValuesOf<M>>(pure, space, targetOf(metric, metrics));
}

const KEYS = [
  'parameters',
  'metric',
  'metrics',
  'sampler',
  'scheduler',
  'maxStep',
  'seed',
  'runCap',
  'points',
  'transfer',
  'lag',
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
