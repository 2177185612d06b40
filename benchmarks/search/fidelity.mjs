import { mean, readProblem } from '@tfsweep/orchestrator/problems';
import { createRng, drawParams } from '@tfsweep/orchestrator/study';
import { problemText } from '../reference.mjs';
import { cell, round } from './cells.mjs';
import { scaleOfJob } from './job.mjs';
import { FIDELITY_PROBLEM } from './plan.mjs';

const DRAWS = 200_000;

/**
 * Epochs until a whole trial reaches a target, against random search that trains every trial to its end: independent
 * trials until the first success, the mean of a geometric distribution.
 */
export function fidelityFigures({ targets }, results) {
  const problem = readProblem(problemText(FIDELITY_PROBLEM), FIDELITY_PROBLEM);
  const { zero, one } = scaleOfJob({ problem: FIDELITY_PROBLEM, instance: null });
  const rng = createRng(0, 0, 'random at full fidelity');
  const draws = Array.from({ length: DRAWS }, () => problem.evaluate(drawParams(problem.space, rng)));
  const whole = problem.steps.length;
  return {
    problem: FIDELITY_PROBLEM,
    targets: targets.map((regret) => {
      const value = zero + regret * (one - zero);
      const hits = draws.filter((draw) => draw <= value).length;
      const randomEpochs = (whole * DRAWS) / Math.max(1, hits);
      const reached = results
        .map(({ improvements }) => improvements.find(([best]) => best <= value)?.[1])
        .filter((epochs) => epochs !== undefined);
      // A search that gave up counts with all that it trained: too little, which `reached` shows.
      const epochs = results.map(
        ({ improvements, epochs: all }) => improvements.find(([best]) => best <= value)?.[1] ?? all,
      );
      return {
        regret,
        value: round(value),
        random_share_of_hits: hits / DRAWS,
        random_epochs: Math.round(randomEpochs),
        epochs: cell(epochs),
        ratio: round(mean(epochs) / randomEpochs),
        reached: reached.length,
        of: results.length,
      };
    }),
  };
}
