import { isActive } from '../space/conditions.ts';
import { buildParams, drawParams } from '../space/points.ts';
import type { Parameter, Params, ParamValue, Space } from '../space/types.ts';
import { draw } from '../space/unit.ts';
import type { Rng } from '../study/rng.ts';
import { ParzenMixture } from './parzen/mixture.ts';
import { type Column, Observations } from './parzen/observations.ts';
import { isFinished, type Split, splitByRank } from './parzen/ranking.ts';
import type { AskContext, Sampler, Suggestion } from './sampler.ts';

export interface TpeOptions {
  /** Finished trials before the model is asked; random until then. */
  readonly startupTrials: number;
  /** Candidates drawn from the good trials' density for one suggestion. */
  readonly candidates: number;
  /** Share of the finished trials that are good, and the largest number of them. */
  readonly gamma: number;
  readonly maxGood: number;
  /** Weight of the distribution itself against one observation. */
  readonly priorWeight: number;
}

/**
 * Tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011), multivariate (Falkner et al., ICML 2018): densities
 * of good and of bad trials over all parameters that exist together, and the candidate where their ratio is largest.
 * Parameters under the same condition make one group, which learns from the trials that have it.
 */
export function createTpeSampler(space: Space, options: TpeOptions, name = 'tpe'): Sampler {
  return new TpeSampler(space, options, name);
}

class TpeSampler implements Sampler {
  readonly name: string;
  readonly #options: TpeOptions;
  readonly #observations: Observations;
  readonly #groups: readonly (readonly Column[])[];

  constructor(space: Space, options: TpeOptions, name: string) {
    this.name = name;
    this.#options = options;
    this.#observations = new Observations(space);
    this.#groups = groupByCondition(this.#observations.columns);
  }

  suggest({ space, history, number, rng }: AskContext): Suggestion {
    this.#observations.add(history);
    let finished = 0;
    for (const trial of history) if (isFinished(trial)) finished++;
    if (finished < this.#options.startupTrials)
      return { params: number === 0 ? believedGood(space, rng) : drawParams(space, rng) };
    const { gamma, maxGood } = this.#options;
    const split = splitByRank(history, (n) => Math.min(Math.ceil(gamma * n), maxGood));
    return { params: this.#suggestFrom(space, split, rng) };
  }

  /** Group after group, so that a group is drawn only once the parameters that its condition names have values. */
  #suggestFrom(space: Space, split: Split, rng: Rng): Params {
    const drawn: Params = {};
    for (const columns of this.#groups) {
      if (!isActive(columns[0]!.parameter, drawn)) continue;
      const values = this.#suggestGroup(columns, split, rng);
      for (const [j, { parameter }] of columns.entries()) drawn[parameter.name] = values[j]!;
    }
    // In the order of the space, as every other sampler.
    return buildParams(space, ({ name }) => drawn[name]!);
  }

  #suggestGroup(columns: readonly Column[], split: Split, rng: Rng): ParamValue[] {
    const present = (number: number): boolean =>
      columns.every(({ values }) => !Number.isNaN(values[number]!));
    const good = new ParzenMixture(columns, split.good.filter(present), this.#options.priorWeight);
    const bad = new ParzenMixture(columns, split.bad.filter(present), this.#options.priorWeight);
    const candidates = good.sample(this.#options.candidates, rng);
    const gain = good.logDensities(candidates);
    const loss = bad.logDensities(candidates);
    let best = 0;
    for (let c = 1; c < gain.length; c++) if (gain[c]! - loss[c]! > gain[best]! - loss[best]!) best = c;
    return columns.map(({ axis }, j) => {
      const position = candidates[j]![best]!;
      return axis.kind === 'choices' ? axis.values[position]! : axis.value(position);
    });
  }
}

/** The priors where there are some, the rest drawn. */
function believedGood(space: Space, rng: Rng): Params {
  return buildParams(space, ({ distribution, prior }) => prior ?? draw(distribution, rng));
}

function groupByCondition(columns: readonly Column[]): Column[][] {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const key = conditionKey(column.parameter);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [column]);
    else group.push(column);
  }
  return [...groups.values()];
}

function conditionKey({ when }: Parameter): string {
  return JSON.stringify(
    when.map((condition) => JSON.stringify(condition, Object.keys(condition).sort())).sort(),
  );
}
