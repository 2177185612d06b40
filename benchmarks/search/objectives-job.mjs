// One run of one sampler on one problem with several objectives. Plain data in and out.
import { hypervolume } from '@tfsweep/orchestrator/analysis';
import { createPureStudy } from '@tfsweep/orchestrator/study';
import { objectivesProblem } from './objectives-problems.mjs';

/**
 * `best` is the hypervolume of all trials so far, with its sign turned: lower is better.
 * @param {import('./job.mjs').Job} job
 * @returns {import('./job.mjs').JobResult}
 */
export function runObjectivesJob({ problem: name, sampler, seed, trials }) {
  const { space, losses, reference, scale } = objectivesProblem(name);
  const names = reference.map((_, m) => `f${m + 1}`);
  const [first, ...others] = names.map((metric) => ({
    name: metric,
    goal: 'minimize',
    target: null,
    reduce: { type: 'last' },
  }));
  const study = createPureStudy({
    parameters: space,
    metric: first,
    otherMetrics: others,
    method: sampler === 'random' || sampler === 'sobol' ? 'random' : 'bayes',
    sampler: { type: sampler, options: {} },
    scheduler: null,
    seed,
    runCap: trials,
    maxStep: null,
    points: [],
  });
  let askMs = 0;
  const results = [];
  const best = Array.from({ length: trials }, () => {
    const start = performance.now();
    const { number, params } = study.ask();
    askMs += performance.now() - start;
    const values = losses(params);
    results.push(values);
    study.tell(number, {
      state: 'complete',
      values: Object.fromEntries(names.map((metric, m) => [metric, values[m]])),
    });
    return -hypervolume(results, reference);
  });
  return {
    best,
    incumbent: best,
    scale,
    askMs: askMs / trials,
    improvements: [],
    epochs: 0,
    centreOption: false,
  };
}
