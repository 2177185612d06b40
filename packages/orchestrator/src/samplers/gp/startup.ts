import { axisOf, contains } from '../../space/axis.ts';
import { buildParams } from '../../space/points.ts';
import type { Params, Space } from '../../space/types.ts';
import { draw, fromUnit, toUnit } from '../../space/unit.ts';
import { beliefWidth, hasBeliefs, logBelief, trustInBeliefs } from '../belief.ts';
import { middleOf } from '../centre.ts';
import type { AskContext, ObservedTrial, Suggestion, TransferTask } from '../sampler.ts';
import { sobolPoint } from '../sobol.ts';

/** Finished trials that are enough for a model once all points of the start have been asked for. */
const ENOUGH = 4;
/** Of the start's trials, as long as nothing speaks against the beliefs: drawn from them. */
const BELIEVED_SHARE = 0.5;

export interface StartupOptions {
  readonly startupTrials: number;
  readonly centre: boolean;
}

/**
 * What is tried before the model is asked: the best of earlier sweeps, the priors, the middle of the space, then points
 * of a Sobol sequence. With trials in flight the start is over when its points have been asked for and some have ended.
 * @returns null once the model's turn has come.
 */
export function startingPoint(context: AskContext, options: StartupOptions): Suggestion | null {
  const { space, number, history, transfer } = context;
  const known = bestOfEarlier(space, transfer);
  if (number === 0 && known !== null) return { params: known, why: 'start: the best of earlier sweeps' };
  const isBelieved = hasBeliefs(space);
  const later = known === null ? number : number - 1;
  if (later === 0 && isBelieved) return { params: believed(space), why: 'start: the priors' };
  if (later === (isBelieved ? 1 : 0) && options.centre)
    return { params: centreOf(space), why: 'start: the centre' };
  const ended = history.reduce((n, trial) => n + (hasEnded(trial) ? 1 : 0), 0);
  const startup = Math.min(
    Math.max(1, options.startupTrials),
    known === null ? Number.POSITIVE_INFINITY : ENOUGH,
  );
  if (ended >= startup || (number >= startup && ended >= ENOUGH)) return null;
  if (isBelieved && context.rng.next() < BELIEVED_SHARE * trustInBeliefs(space, history))
    return { params: nearBelief(context), why: 'start: near the priors' };
  return { params: sobolPoint(context), why: 'start' };
}

/** With something that a model can learn from. */
function hasEnded({ state, loss }: ObservedTrial): boolean {
  return state === 'failed' || ((state === 'complete' || state === 'pruned') && loss !== null);
}

/** The believed value where there is one, else the middle. */
function believed(space: Space): Params {
  return buildParams(space, ({ distribution, prior }) => prior ?? middleOf(distribution));
}

function centreOf(space: Space): Params {
  return buildParams(space, ({ distribution }) => middleOf(distribution));
}

/** A draw from the belief; parameters without one are drawn evenly. */
function nearBelief({ space, rng }: AskContext): Params {
  return buildParams(space, (parameter) => {
    const { distribution, prior } = parameter;
    if (prior === undefined) return draw(distribution, rng);
    if (axisOf(distribution).kind === 'choices') {
      const drawn = draw(distribution, rng);
      return Math.log(rng.next()) < logBelief(parameter, drawn) ? drawn : prior;
    }
    const u = toUnit(distribution, prior) + beliefWidth(parameter) * rng.normal();
    return fromUnit(distribution, Math.min(1, Math.max(0, u)));
  });
}

/** The best trial of the first earlier sweep that shares a parameter with this space; what it lacks is in the middle. */
function bestOfEarlier(space: Space, transfer: readonly TransferTask[]): Params | null {
  for (const { trials } of transfer) {
    const shared = trials.filter(
      ({ params, loss }) => Number.isFinite(loss) && space.some(({ name }) => Object.hasOwn(params, name)),
    );
    if (shared.length === 0) continue;
    const { params } = shared.reduce((best, trial) => (trial.loss < best.loss ? trial : best));
    return buildParams(space, ({ name, distribution, prior }) => {
      const value = params[name];
      return value !== undefined && contains(distribution, value) ? value : (prior ?? middleOf(distribution));
    });
  }
  return null;
}
