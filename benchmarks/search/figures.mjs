import { mean } from '@tfsweep/orchestrator/problems';
import { atEach, cell, meanOverProblems, regretsAt, round } from './cells.mjs';
import { fidelityFigures } from './fidelity.mjs';
import { OBJECTIVES_PROBLEMS } from './objectives-problems.mjs';
import { isHard, optunaMoved, optunaObjectives, optunaTable } from './optuna.mjs';
import { CAP_CHECKPOINTS, NOISE, samplersBesides } from './plan.mjs';
import { keyOf } from './run-jobs.mjs';
import { targetsOf } from './targets.mjs';
import { againstEarlier, verdicts } from './verdicts.mjs';

/** @typedef {import('./job.mjs').Job} Job */
/** @typedef {import('./job.mjs').JobResult} JobResult */
/** @typedef {import('./cells.mjs').Cell} Cell */

/**
 * @param {import('./plan.mjs').Plan} plan
 * @param {readonly Job[]} jobs
 * @param {ReadonlyMap<string, JobResult>} results
 * @param {ReadonlyMap<string, JobResult>} earlier to compare with; may be empty
 */
export function figuresOf(plan, jobs, results, earlier) {
  const select = (part, wanted, from = results) => {
    const chosen = jobs.filter(
      (job) => job.part === part && Object.entries(wanted).every(([key, value]) => job[key] === value),
    );
    const found = chosen.map((job) => from.get(keyOf(job))).filter((result) => result !== undefined);
    return found.length === chosen.length ? found : [];
  };
  const has = (part) => plan.parts.includes(part);
  const besides = { ...plan, samplers: samplersBesides(plan) };
  const figures = {
    seeds: plan.seeds,
    first_sampler: plan.samplers[0],
    checkpoints: plan.checkpoints,
    ...(has('plain') && { plain: regretTable(plan, (wanted) => select('plain', wanted)) }),
    ...(has('centre') && { without_centre: regretTable(besides, (wanted) => select('centre', wanted)) }),
    ...(has('plain') && {
      optuna: optunaTable(plan),
      verdicts: verdicts(plan, (wanted) => select('plain', wanted)),
    }),
    ...(has('moved') && { moved: movedTable(besides, (wanted) => select('moved', wanted)) }),
    ...(has('in-flight') && { in_flight: inFlightTable(plan, (wanted) => select('in-flight', wanted)) }),
    ...(has('priors') && { priors: priorTable(plan, (wanted) => select('priors', wanted)) }),
    ...(has('noise') && { noise: noiseTable(besides, (wanted) => select('noise', wanted)) }),
    ...(has('fidelity') && { fidelity: fidelityFigures(plan, select('fidelity', {})) }),
    ...(has('cap') && { cap: capTable(plan, (wanted) => select('cap', wanted)) }),
    ...(has('objectives') && {
      objectives: regretTable(
        { ...plan, samplers: plan.objectivesSamplers, problems: OBJECTIVES_PROBLEMS },
        (wanted) => select('objectives', wanted),
      ),
      optuna_objectives: optunaObjectives(plan.checkpoints),
    }),
    ...(earlier.size > 0 && {
      against: againstEarlier(plan, (wanted, from) => select('plain', wanted, from), results, earlier),
    }),
  };
  return { targets: targetsOf(figures), ...figures };
}

/**
 * By sampler, by problem, by number of trials; `mean` over the problems, whose standard error is that of the seeds.
 * @returns {Record<string, {problems: Record<string, Record<string, Cell>>, mean: Record<string, Cell>, ask_ms: number, centre_option: boolean}>}
 */
function regretTable({ samplers, problems, checkpoints }, select) {
  const bySampler = {};
  for (const sampler of samplers) {
    const all = problems.map((problem) => [problem, select({ sampler, problem })]);
    const flat = all.flatMap(([, results]) => results);
    if (flat.length === 0) continue;
    bySampler[sampler] = {
      problems: Object.fromEntries(
        all.map(([problem, results]) => [problem, atEach(checkpoints, (t) => cell(regretsAt(results, t)))]),
      ),
      mean: atEach(checkpoints, (t) => meanOverProblems(all.map(([, results]) => regretsAt(results, t)))),
      ask_ms: round(mean(flat.map(({ askMs }) => askMs))),
      centre_option: flat.every(({ centreOption }) => centreOption),
    };
  }
  return bySampler;
}

function movedTable({ samplers, problems, checkpoints, instances }, select) {
  const numbers = Array.from({ length: instances }, (_, i) => i + 1);
  const meanOfInstances = (list) =>
    list.length === 0
      ? null
      : atEach(checkpoints, (t) => cell(list.map(([, results]) => mean(regretsAt(results, t)))));
  const ours = Object.fromEntries(
    samplers.map((sampler) => {
      const all = problems.flatMap((problem) =>
        numbers.map((instance) => [`${problem}/${instance}`, select({ sampler, problem, instance })]),
      );
      const ran = all.filter(([, results]) => results.length > 0);
      return [
        sampler,
        {
          instances: Object.fromEntries(
            ran.map(([name, results]) => [name, atEach(checkpoints, (t) => cell(regretsAt(results, t)))]),
          ),
          // Instances are themselves a sample: the error is that of their means.
          mean: meanOfInstances(ran),
          mean_hard: meanOfInstances(ran.filter(([name]) => isHard(name))),
        },
      ];
    }),
  );
  const [first] = samplers;
  return { ...ours, ...optunaMoved(Object.keys(ours[first].instances), checkpoints) };
}

/**
 * `late`: the search that asks for one trial at a time, when as many results are missing as are in flight when a trial
 * is asked for: what no choice of points can save, because results come later.
 */
function inFlightTable({ problems, checkpoints, inFlight }, select) {
  const at = (count, missing = 0) =>
    atEach(checkpoints, (t) =>
      meanOverProblems(
        problems.map((problem) => regretsAt(select({ problem, inFlight: count }), Math.max(1, t - missing))),
      ),
    );
  const sequential = at(1);
  const withRatio = (regret) => ({
    regret,
    ratio: atEach(checkpoints, (t) => round(regret[t].mean / sequential[t].mean)),
  });
  return Object.fromEntries(
    [1, ...inFlight].map((count) => [
      count,
      { ...withRatio(at(count)), ...(count > 1 && { late: withRatio(at(1, count - 1)) }) },
    ]),
  );
}

function priorTable({ problems, checkpoints }, select) {
  const points = [...new Set([20, ...checkpoints])]
    .sort((a, b) => a - b)
    .filter((t) => t <= checkpoints.at(-1));
  const at = (belief) =>
    atEach(points, (t) =>
      meanOverProblems(problems.map((problem) => regretsAt(select({ problem, belief }), t))),
    );
  const none = at(null);
  const withRatio = (belief) => {
    const regret = at(belief);
    return { regret, ratio: atEach(points, (t) => round(regret[t].mean / none[t].mean)) };
  };
  return { none: { regret: none }, right: withRatio('right'), wrong: withRatio('wrong') };
}

function noiseTable({ samplers, problems, checkpoints }, select) {
  const at = (sampler, curve) =>
    atEach(checkpoints, (t) =>
      meanOverProblems(problems.map((problem) => regretsAt(select({ sampler, problem }), t, curve))),
    );
  return Object.fromEntries(
    samplers.map((sampler) => [
      sampler,
      { noise: NOISE, looks_best: at(sampler, 'incumbent'), is_best: at(sampler, 'best') },
    ]),
  );
}

/** What TPE's cap costs: by number of trials, the mean regrets and their difference. */
function capTable({ problems }, select) {
  const runs = (problem, isCapped) =>
    select({ problem }).filter((_, i, all) => i < all.length / 2 === isCapped);
  return atEach(CAP_CHECKPOINTS, (t) => {
    const [capped, whole] = [true, false].map((isCapped) =>
      problems.map((problem) => regretsAt(runs(problem, isCapped), t)),
    );
    const costs = problems.map((_, p) => capped[p].map((regret, i) => regret - whole[p][i]));
    return {
      capped: meanOverProblems(capped),
      whole: meanOverProblems(whole),
      cost: meanOverProblems(costs),
    };
  });
}
