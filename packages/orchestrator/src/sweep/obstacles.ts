import { ConfigError, liveOverrides, resumeOverrides, type SweepConfig } from '../config/index.ts';
import { objectivesOf } from '../config/metric-lists.ts';
import type { SamplerPlugin } from '../samplers/plugin.ts';
import type { RequestRow, Store, SweepRow, TrialRow } from '../store/types.ts';
import { countedTrials, type Ending, EndingWatch } from './ending.ts';
import { replayStudy } from './replay.ts';

/** Why a sweep that has ended would end again at once. */
export interface Obstacle {
  readonly reason: string;
  /** What takes it out of the way, as `resume --set` reads it; null: nothing that may change does. */
  readonly set: string | null;
}

/**
 * All that keeps a sweep that has ended from going on with the config of `sweep`. Where none of it has `set` null, the
 * sweep goes on with all of them set. Empty for one that has not ended.
 */
export function obstaclesTo(store: Store, sweep: SweepRow, samplerPlugin: SamplerPlugin | null): Obstacle[] {
  if (sweep.state === 'running' || sweep.state === 'paused') return [];
  const requests = store.pendingRequests(sweep.id);
  // What is about to be tried again no longer counts as a failure either.
  const again = requests.flatMap(({ request }) => (request?.kind === 'retry' ? [request.number] : []));
  const finished = countedTrials(store, sweep.id).filter(
    ({ number, state }) => state === 'complete' || !again.includes(number),
  );
  const hasChosen = requests.some(({ request }) => request?.kind === 'retry' || request?.kind === 'enqueue');
  const obstacles: Obstacle[] = [];
  for (let config = withRequested(sweep.config, requests); ; ) {
    const first = firstObstacle({ config, finished, hasChosen, store, sweep, samplerPlugin });
    if (first === null) return obstacles;
    obstacles.push(first);
    if (first.set === null) return obstacles;
    // Behind the one there may be others.
    config = resumeOverrides(config, [first.set]);
  }
}

interface Circumstances {
  readonly config: SweepConfig;
  /** Complete and failed trials that count. */
  readonly finished: readonly TrialRow[];
  /** Trials of the user's wait to be begun: for them there is always room. */
  readonly hasChosen: boolean;
  readonly store: Store;
  readonly sweep: SweepRow;
  readonly samplerPlugin: SamplerPlugin | null;
}

function firstObstacle({
  config,
  finished,
  hasChosen,
  store,
  sweep,
  samplerPlugin,
}: Circumstances): Obstacle | null {
  const limit = endingOf(config, finished, sweep);
  if (limit !== null) return { reason: limit.reason!, set: settingFor(limit, config, finished, sweep) };
  const study = (changed: SweepConfig) => replayStudy(store, sweep.id, changed, samplerPlugin);
  const replayed = study(config);
  const enough = replayed.enough();
  if (enough !== null) {
    const stagnation = config.terminate?.stagnation ?? null;
    const longer = `terminate.stagnation=${2 * (stagnation ?? 0)}`;
    const isPatience = stagnation !== null && study(resumeOverrides(config, [longer])).enough() === null;
    return { reason: enough, set: isPatience ? longer : 'terminate=null' };
  }
  if (hasChosen) return null;
  const { runCap } = config;
  const tried = replayed.trials().length;
  if (runCap !== null && tried >= runCap)
    return { reason: `run_cap of ${runCap} is reached`, set: `run_cap=${Math.max(1, 2 * tried)}` };
  if (replayed.remaining() === 0) return { reason: 'every point of the space was tried', set: null };
  // Whether a sampler of somebody's own has an end only an ask can tell; what it gives is not kept.
  if (samplerPlugin !== null && replayed.ask() === null)
    return { reason: 'the sampler has nothing left to try', set: null };
  return null;
}

/** What was asked for while nobody ran the sweep is carried out first. */
function withRequested(config: SweepConfig, requests: readonly RequestRow[]): SweepConfig {
  return requests.reduce((changed, { request }) => {
    if (request?.kind !== 'set') return changed;
    try {
      return liveOverrides(changed, request.set);
    } catch (error) {
      // It will be refused, and changes nothing.
      if (error instanceof ConfigError) return changed;
      throw error;
    }
  }, config);
}

/** Of trials and time as they are: what happened at the start of a life is nothing to a new one. */
function endingOf(config: SweepConfig, finished: readonly TrialRow[], spent: Spent): Ending | null {
  const watch = new EndingWatch(config);
  watch.recall(finished);
  return watch.check(spent.wallSeconds, spent.gpuSeconds);
}

type Spent = Pick<SweepRow, 'wallSeconds' | 'gpuSeconds'>;

/** Twice of what was spent. */
function settingFor(
  { limit }: Ending,
  config: SweepConfig,
  finished: readonly TrialRow[],
  { wallSeconds, gpuSeconds }: Spent,
): string | null {
  const failed = finished.filter(({ state }) => state === 'failed').length;
  switch (limit) {
    case 'metric.target':
      return objectivesOf(config).length === 1 ? 'metric.target=null' : null;
    case 'budget.max_failed':
      return `budget.max_failed=${2 * failed}`;
    case 'budget.wallclock':
      return `budget.wallclock=${Math.ceil((2 * wallSeconds) / 60)}m`;
    case 'budget.gpu_hours':
      return `budget.gpu_hours=${Math.ceil((2 * gpuSeconds) / 36) / 100}`;
    case undefined:
      return null;
  }
}
