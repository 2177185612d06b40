import type { Space } from '../space/types.ts';
import { createGpSampler, type GpOptions } from './gp.ts';
import type { AskContext, ObservedTrial, Sampler, Suggestion } from './sampler.ts';
import { createTpeSampler, type TpeOptions } from './tpe.ts';

/** What `method: bayes` stands for where nobody names a sampler. */
export interface AutoOptions {
  readonly gp: GpOptions;
  readonly tpe: TpeOptions;
}

/**
 * Trials with a result up to which the Gaussian process is asked: it makes more of few results than any other model,
 * and its cost per ask grows with their cube, while that of the Parzen estimators hardly grows at all.
 */
const GP_TRIALS = 400;
/** Each metric has a model of its own: results times metrics up to which they are asked. */
const GP_VALUES = 1_200;
/** With more parameters than this, length scales can't be told apart from so few trials. */
const GP_PARAMETERS = 60;

/** Chooses a sampler for each trial, by the space and by what is known so far, and says in its record which and why. */
export function createAutoSampler(space: Space, options: AutoOptions): Sampler {
  return new AutoSampler(space, options);
}

class AutoSampler implements Sampler {
  readonly name = 'auto';
  readonly #space: Space;
  readonly #options: AutoOptions;
  #gp: Sampler | null = null;
  #tpe: Sampler | null = null;

  constructor(space: Space, options: AutoOptions) {
    this.#space = space;
    this.#options = options;
  }

  suggest(context: AskContext): Suggestion | null {
    const reason = whyNotGp(context);
    const sampler = reason === null ? this.#useGp() : this.#useTpe();
    const suggestion = sampler.suggest(context);
    if (suggestion === null) return null;
    const why = [reason, suggestion.why].filter((part) => part != null).join('; ');
    return { ...suggestion, sampler: `auto: ${sampler.name}`, ...(why === '' ? {} : { why }) };
  }

  #useGp(): Sampler {
    this.#gp ??= createGpSampler(this.#space, this.#options.gp);
    return this.#gp;
  }

  /** From now on for good: what the Gaussian process has worked out is let go. */
  #useTpe(): Sampler {
    this.#gp = null;
    this.#tpe ??= createTpeSampler(this.#space, this.#options.tpe);
    return this.#tpe;
  }
}

function whyNotGp({ space, history, objectives }: AskContext): string | null {
  if (space.length > GP_PARAMETERS) return `more than ${GP_PARAMETERS} parameters`;
  const most = Math.min(GP_TRIALS, Math.floor(GP_VALUES / objectives));
  return hasMoreResults(history, most) ? `more than ${most} results` : null;
}

/** Stops counting where the answer is known: a history may hold a hundred thousand trials. */
function hasMoreResults(history: readonly ObservedTrial[], limit: number): boolean {
  if (history.length <= limit) return false;
  let results = 0;
  for (const { loss } of history) if (loss !== null && ++results > limit) return true;
  return false;
}
