// Expected best, held against what came: searches on the reference problems, told at half their length.
import { expectBest } from '@tfsweep/orchestrator/analysis';
import { bestSoFar, mean } from '@tfsweep/orchestrator/problems';
import { PROBLEM_NAMES } from '../reference.mjs';
import { problemOfJob, scaleOfJob, studyOfJob } from '../search/job.mjs';

/** @typedef {{foretold: number, came: number, isWithin: boolean, isBetter: boolean, improves: number, hasImproved: boolean}} Outcome */

/**
 * @param {{sampler: string, trials: number, more: number, seeds: number, firstSeed: number}} options
 * @returns shares and means over problems and seeds; gains in units of regret
 */
export function backtest({ sampler, trials, more, seeds, firstSeed }) {
  const outcomes = PROBLEM_NAMES.flatMap((problem) =>
    Array.from({ length: seeds }, (_, k) =>
      outcomeOf({ problem, sampler, seed: firstSeed + k }, trials, more),
    ),
  ).filter((outcome) => outcome !== null);
  const share = (holds) => Number(mean(outcomes.map((o) => Number(holds(o)))).toFixed(3));
  return {
    sampler,
    trials,
    more,
    searches: outcomes.length,
    within: share(({ isWithin }) => isWithin),
    better: share(({ isBetter }) => isBetter),
    gain_foretold: share(({ foretold }) => foretold),
    gain: share(({ came }) => came),
    improves_foretold: share(({ improves }) => improves),
    improved: share(({ hasImproved }) => hasImproved),
  };
}

/** @returns {Outcome | null} null where nothing is foretold */
function outcomeOf({ problem, sampler, seed }, trials, more) {
  const values = valuesOf({ problem, sampler, seed, trials: trials + more });
  const told = expectBest(values.slice(0, trials).map(rowOf), {
    goal: 'minimize',
    more,
    sampler: sampler === 'random' ? 'independent' : 'adaptive',
    seed,
  });
  if (told.kind === 'unknown') return null;
  const best = bestSoFar(values)[trials + more - 1];
  const { zero, one } = scaleOfJob({ problem, instance: null });
  const unit = one - zero;
  // The ends of an interval are sums, whose last digit is not that of the value.
  const digits = 1e-12 * Math.abs(best);
  return {
    foretold: (told.best - told.expected) / unit,
    came: (told.best - best) / unit,
    isWithin: best >= told.low - digits && best <= told.high + digits,
    isBetter: best < told.low - digits,
    improves: told.improves,
    hasImproved: best < told.best,
  };
}

function valuesOf(search) {
  const job = { part: '', instance: null, centre: true, inFlight: 1, noise: 0, belief: null, asha: null };
  const problem = problemOfJob({ ...job, ...search });
  const { study } = studyOfJob({ ...job, ...search }, problem);
  return Array.from({ length: search.trials }, () => {
    const { number, params } = study.ask();
    const value = problem.evaluate(params);
    study.tell(number, { state: 'complete', value });
    return value;
  });
}

/** As much of a stored trial as `expectBest` reads. */
const rowOf = (value, number) => ({
  number,
  state: 'complete',
  value,
  violation: 0,
  finishedAt: number,
});
