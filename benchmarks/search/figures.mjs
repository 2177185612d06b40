import {
  bootstrapDifference,
  mean,
  normalisedRegret,
  readProblem,
  standardError,
} from '@tfsweep/orchestrator/problems';
import { createRng, drawParams } from '@tfsweep/orchestrator/study';
import { optunaMovedRuns, optunaRuns, problemText } from '../reference.mjs';
import { scaleOfJob } from './job.mjs';
import { CAP_CHECKPOINTS, FIDELITY_PROBLEM, NOISE, samplersBesides } from './plan.mjs';
import { keyOf } from './run-jobs.mjs';
import { targetsOf } from './targets.mjs';

/** @typedef {import('./job.mjs').Job} Job */
/** @typedef {import('./job.mjs').JobResult} JobResult */
/** @typedef {{mean: number, se: number, seeds: number}} Cell */

/** A difference of mean regrets that counts: 'worse' is an interval that lies wholly above it. */
const MARGIN = 0.02;
/** Which of Optuna's samplers ours are compared with. `auto`: with the best of them for each problem, in hindsight. */
const RIVALS = {
  tpe: ['tpe'],
  gp: ['gp'],
  cmaes: ['cmaes'],
  random: ['random'],
  auto: ['tpe', 'tpe_mvgroup', 'gp', 'cmaes'],
};

const round = (x) => Number(x.toFixed(4));

/** @param {readonly number[]} values @returns {Cell} */
const cell = (values) => ({
  mean: round(mean(values)),
  se: round(standardError(values)),
  seeds: values.length,
});

/**
 * Regrets at a number of trials; a search that ended earlier keeps its last value.
 * @param {readonly JobResult[]} results
 * @param {number} trials
 * @param {'best' | 'incumbent'} [curve]
 */
const regretsAt = (results, trials, curve = 'best') =>
  results.map((result) => {
    const values = result[curve];
    // Stored as JSON, an infinite value is null.
    const value = values[Math.min(trials, values.length) - 1] ?? Number.POSITIVE_INFINITY;
    return normalisedRegret(value, result.scale);
  });

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

const atEach = (checkpoints, figure) => Object.fromEntries(checkpoints.map((t) => [t, figure(t)]));

/**
 * The unweighted mean over problems. Runs of different problems do not depend on each other, so their squared errors add.
 * @param {readonly number[][]} regrets
 * @returns {Cell}
 */
function meanOverProblems(regrets) {
  const cells = regrets.map(cell);
  const variance = regrets.reduce((sum, values) => sum + standardError(values) ** 2, 0);
  return {
    mean: round(mean(regrets.map(mean))),
    se: round(Math.sqrt(variance) / regrets.length),
    seeds: Math.min(...cells.map(({ seeds }) => seeds)),
  };
}

const optuna = optunaRuns();

/** Regrets of one of Optuna's samplers on a problem; null where it did not run that far. */
function optunaRegrets(problem, sampler, trials) {
  const runs = optuna[problem];
  const curves =
    runs.samplers[sampler]?.curves ?? (sampler === 'tpe_mvgroup' ? runs.samplers.tpe.curves : undefined);
  if (curves === undefined || curves[0].length < trials) return null;
  return curves.map((curve) => normalisedRegret(curve[trials - 1], runs));
}

function optunaTable({ problems, checkpoints }) {
  const table = {};
  for (const sampler of SINGLE_SAMPLERS) {
    const byProblem = problems.map((problem) => [
      problem,
      atEach(checkpoints, (t) => {
        const regrets = optunaRegrets(problem, sampler, t);
        return regrets === null ? null : cell(regrets);
      }),
    ]);
    table[sampler] = {
      problems: Object.fromEntries(byProblem),
      mean: atEach(checkpoints, (t) => {
        const regrets = problems.map((problem) => optunaRegrets(problem, sampler, t));
        return regrets.some((values) => values === null) ? null : meanOverProblems(regrets);
      }),
    };
  }
  table.hindsight = hindsight(problems, checkpoints);
  return table;
}

const SINGLE_SAMPLERS = ['random', 'tpe', 'tpe_mvgroup', 'gp', 'cmaes'];

/** The best of Optuna's samplers for each problem, as nobody can know beforehand. */
function hindsight(problems, checkpoints) {
  const bestAt = (problem, t) =>
    SINGLE_SAMPLERS.map((sampler) => optunaRegrets(problem, sampler, t))
      .filter((regrets) => regrets !== null)
      .sort((a, b) => mean(a) - mean(b))[0];
  return {
    problems: Object.fromEntries(
      problems.map((problem) => [problem, atEach(checkpoints, (t) => cell(bestAt(problem, t)))]),
    ),
    mean: atEach(checkpoints, (t) => meanOverProblems(problems.map((problem) => bestAt(problem, t)))),
  };
}

/** Whether ours is worse than Optuna's, problem by problem: bootstrap of the difference of mean regrets. */
function verdicts({ samplers, problems, checkpoints }, select) {
  const list = [];
  for (const sampler of samplers) {
    for (const trials of checkpoints.filter((t) => t >= 50)) {
      for (const problem of problems) {
        const ours = regretsAt(select({ sampler, problem }), trials);
        const rivals = (RIVALS[sampler] ?? [])
          .map((rival) => ({ rival, regrets: optunaRegrets(problem, rival, trials) }))
          .filter(({ regrets }) => regrets !== null)
          .sort((a, b) => mean(a.regrets) - mean(b.regrets));
        const [best] = rivals;
        if (ours.length === 0 || best === undefined) continue;
        list.push({ sampler, trials, problem, rival: best.rival, ...compared(ours, best.regrets) });
      }
    }
  }
  return list;
}

function compared(ours, theirs) {
  const { difference, low, high, paired } = bootstrapDifference(ours, theirs, 0);
  const verdict = low > MARGIN ? 'worse' : high < -MARGIN ? 'better' : 'no worse';
  return { difference: round(difference), low: round(low), high: round(high), paired, verdict };
}

/** Problems that any model of the results solves, wherever they are moved to. */
const EASY = ['branin2', 'rosenbrock5'];
const isHard = (name) => !EASY.some((problem) => name.startsWith(`${problem}/`));

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

/** Optuna on the same instances, as far as it was run on them. */
function optunaMoved(names, checkpoints) {
  const table = {};
  for (const [sampler, { curves }] of Object.entries(optunaMovedRuns())) {
    const ran = names.filter((name) => curves[name] !== undefined);
    const regrets = (name, t) => {
      const [problem, instance] = name.split('/');
      const scale = scaleOfJob({ problem, instance: Number(instance) });
      return curves[name][0].length < t
        ? null
        : curves[name].map((curve) => normalisedRegret(curve[t - 1], scale));
    };
    const meanOf = (list) =>
      atEach(checkpoints, (t) => {
        const all = list.map((name) => (ran.includes(name) ? regrets(name, t) : null));
        return all.length === 0 || all.includes(null) ? null : cell(all.map(mean));
      });
    const cellAt = (name, t) => (regrets(name, t) === null ? null : cell(regrets(name, t)));
    table[`Optuna ${sampler}`] = {
      instances: Object.fromEntries(
        names.map((name) => [
          name,
          atEach(checkpoints, (t) => (ran.includes(name) ? cellAt(name, t) : null)),
        ]),
      ),
      mean: meanOf(names),
      mean_hard: meanOf(names.filter(isHard)),
    };
  }
  return table;
}

function inFlightTable({ problems, checkpoints, inFlight }, select) {
  const at = (count) =>
    atEach(checkpoints, (t) =>
      meanOverProblems(problems.map((problem) => regretsAt(select({ problem, inFlight: count }), t))),
    );
  const sequential = at(1);
  return Object.fromEntries(
    [1, ...inFlight].map((count) => {
      const regret = at(count);
      const ratio = atEach(checkpoints, (t) => round(regret[t].mean / sequential[t].mean));
      return [count, { regret, ratio }];
    }),
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

const DRAWS = 200_000;

/**
 * Epochs until a whole trial reaches a target, against random search that trains every trial to its end: independent
 * trials until the first success, the mean of a geometric distribution.
 */
function fidelityFigures({ targets }, results) {
  const problem = readProblem(problemText(FIDELITY_PROBLEM), FIDELITY_PROBLEM);
  const { zero, one } = optuna[FIDELITY_PROBLEM];
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

/** The same seeds in an earlier store, sampler by sampler: what a change did. */
function againstEarlier({ samplers, problems, checkpoints }, select, results, earlier) {
  const list = [];
  for (const sampler of samplers) {
    for (const trials of checkpoints) {
      for (const problem of problems) {
        const ours = regretsAt(select({ sampler, problem }, results), trials);
        const theirs = regretsAt(select({ sampler, problem }, earlier), trials);
        if (ours.length === 0 || theirs.length !== ours.length) continue;
        list.push({ sampler, trials, problem, ...compared(ours, theirs) });
      }
    }
  }
  return list;
}
