import { buildParams } from '../../space/points.ts';
import type { Params, Space } from '../../space/types.ts';
import { middleOf } from '../centre.ts';
import type { AskContext, ObservedTrial, Suggestion } from '../sampler.ts';
import { sobolPoint } from '../sobol.ts';

/** Finished trials that are enough for a model once all points of the start have been asked for. */
const ENOUGH = 4;

export interface StartupOptions {
  readonly startupTrials: number;
  readonly centre: boolean;
}

/**
 * What is tried before the model is asked: the priors or the middle of the space, then points of a Sobol sequence. With
 * trials in flight the start is over when its points have been asked for and some have ended.
 * @returns null once the model's turn has come.
 */
export function startingPoint(context: AskContext, options: StartupOptions): Suggestion | null {
  const { space, number, history } = context;
  if (number === 0 && options.centre) return { params: centreOf(space), why: 'start: the centre' };
  const ended = history.reduce((n, trial) => n + (hasEnded(trial) ? 1 : 0), 0);
  const startup = Math.max(1, options.startupTrials);
  if (ended >= startup || (number >= startup && ended >= ENOUGH)) return null;
  return { params: sobolPoint(context), why: 'start' };
}

/** With something that a model can learn from. */
function hasEnded({ state, loss }: ObservedTrial): boolean {
  return state === 'failed' || ((state === 'complete' || state === 'pruned') && loss !== null);
}

/** The believed value where there is one, else the middle. */
function centreOf(space: Space): Params {
  return buildParams(space, ({ distribution, prior }) => prior ?? middleOf(distribution));
}
