import type { ObservedTrial } from '../../samplers/sampler.ts';
import type { Space } from '../../space/types.ts';
import { regretBound } from './regret-bound.ts';
import type { Terminator } from './terminator.ts';

export interface RegretOptions {
  /** Complete trials before the first look; at least 2. */
  readonly minTrials: number;
  /** Standard deviation of the metric when one setting is tried again; null: the model's own estimate. */
  readonly noise: number | null;
}

/** A fit of more trials than this takes seconds. */
const MOST_TRIALS = 150;
/** A look costs a fit: there is one after so much more of what is known. */
const SHARE_BETWEEN_LOOKS = 1 / 20;

/** Ends a search whose best trial lies, with high probability, less than the noise above the best of the space. */
export function createRegret({ minTrials, noise }: RegretOptions, space: Space, seed: number): Terminator {
  const complete: ObservedTrial[] = [];
  let next = minTrials;
  let verdict: string | null = null;

  function look(known: readonly ObservedTrial[]): string | null {
    const bound = regretBound(space, representatives(known), seed);
    const indistinct = noise ?? bound.noise;
    if (bound.regret >= indistinct) return null;
    const [gain, spread] = [bound.regret, indistinct].map((value) => value.toPrecision(2));
    return `at most ${gain} can still be gained, less than the noise of ${spread} (terminate.regret)`;
  }

  return {
    onEnd(trial) {
      if (trial.state === 'complete' && Number.isFinite(trial.loss)) complete.push(trial);
    },
    reason() {
      let size = 0;
      // The same looks whoever asks when: a resumed search goes on as it would have.
      for (; next <= complete.length; next += Math.max(1, Math.floor(next * SHARE_BETWEEN_LOOKS)))
        size = next;
      if (size > 0) verdict = look(complete.slice(0, size));
      return verdict;
    },
  };
}

/** The best half of what the model can take, and of the others some all over their ranks, so that it knows the space. */
function representatives(trials: readonly ObservedTrial[]): ObservedTrial[] {
  const ranked = trials.toSorted((a, b) => a.loss! - b.loss! || a.number - b.number);
  if (ranked.length <= MOST_TRIALS) return ranked;
  const half = MOST_TRIALS / 2;
  const rest = ranked.slice(half);
  const spread = Array.from({ length: half }, (_, i) => rest[Math.floor((i * rest.length) / half)]!);
  return [...ranked.slice(0, half), ...spread];
}
