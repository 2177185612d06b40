import type { Space } from '../../space/types.ts';
import { type AnalysedTrial, finiteLosses } from '../analysed-trials.ts';
import { jointVarianceOf, varianceOf } from '../forest/effects.ts';
import { Forests } from '../forest/forests.ts';
import type { Importance, ImportanceOptions, InteractionImportance } from './importance.ts';
import { presence, ranked } from './presence.ts';

/**
 * fANOVA (Hutter, Hoos & Leyton-Brown, ICML 2014): which part of the variance of the results over the whole space is due
 * to each parameter alone and to each pair together, by the exact marginals of a random forest. Main effects and
 * pairs are normalised to sum 1 (what three and more do together is left out); a parameter's importance is its main
 * effect and half of each of its interactions (the Shapley effect of Owen 2014, to second order).
 *
 * A parameter under a condition is judged where it exists: by a forest of the trials that have it, over that part of
 * the space, weighted with the share of these trials. Pairs likewise, where both exist. What the condition's own
 * parameter does by switching others on is its own effect.
 */
export function fanovaImportance(
  space: Space,
  trials: readonly AnalysedTrial[],
  { goal, seed = 0 }: ImportanceOptions,
): Importance {
  const { params, losses, dropped, imputed } = finiteLosses(trials, goal);
  const forests = new Forests(space, params, losses, seed);
  const present = presence(space, params);
  const varying = space.filter(({ distribution }) => distribution.kind !== 'constant');
  const mains = new Map(varying.map(({ name }) => [name, mainOf(forests, name)]));
  const pairs: InteractionImportance[] = [];
  for (const [i, a] of varying.entries()) {
    for (const b of varying.slice(i + 1)) {
      const importance = interactionOf(forests, a.name, b.name);
      if (importance > 0) pairs.push({ parameters: [a.name, b.name], importance });
    }
  }
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
  const total = sum(mains.values()) + sum(pairs.map(({ importance }) => importance));
  const isKnown = total > 0;
  const halves = new Map<string, number>();
  for (const { parameters, importance } of pairs) {
    for (const name of parameters) halves.set(name, (halves.get(name) ?? 0) + importance / 2);
  }
  return {
    method: 'fanova',
    trials: params.length,
    dropped,
    best: null,
    imputed,
    parameters: ranked(
      varying.map(({ name }) => {
        const main = isKnown ? mains.get(name)! / total : 1 / varying.length;
        const importance = isKnown ? main + (halves.get(name) ?? 0) / total : main;
        return { name, importance, main, present: present.get(name)! };
      }),
    ),
    interactions: pairs
      .map(({ parameters, importance }) => ({ parameters, importance: importance / total }))
      .sort((a, b) => b.importance - a.importance),
    rSquared: forests.where([]).forest.rSquared,
    isKnown,
  };
}

/** Variance of the main effect, times the share of the trials. */
function mainOf(forests: Forests, name: string): number {
  const { forest, effects, share, featureOf } = forests.where([name]);
  const feature = featureOf(name);
  if (feature < 0) return 0;
  return share * varianceOf(effects.main(feature), forest.features[feature]!.weights);
}

function interactionOf(forests: Forests, first: string, second: string): number {
  const { forest, effects, share, featureOf } = forests.where([first, second]);
  const [a, b] = [featureOf(first), featureOf(second)];
  if (a < 0 || b < 0) return 0;
  const { features } = forest;
  return share * jointVarianceOf(effects.interaction(a, b), features[a]!.weights, features[b]!.weights);
}
