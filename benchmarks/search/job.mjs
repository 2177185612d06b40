// One run of one sampler on one problem. Plain data in and out, so that it can run in a thread and be stored.
import {
  bestSoFar,
  median,
  movedProblem,
  noisyValue,
  readProblem,
  rightBelief,
  withPriors,
  wrongBelief,
} from '@tfsweep/orchestrator/problems';
import { simulate } from '@tfsweep/orchestrator/simulation';
import { createPureStudy, createRng, drawParams, SamplerOptionError } from '@tfsweep/orchestrator/study';
import { optunaRuns, problemText } from '../reference.mjs';
import { runObjectivesJob } from './objectives-job.mjs';

/**
 * @typedef {object} Job
 * @property {string} part which table it belongs to
 * @property {string} problem
 * @property {number | null} instance seed of a shift and rotation; null: the problem as it is
 * @property {string} sampler
 * @property {boolean} centre whether the centre may be tried first
 * @property {number} seed
 * @property {number} trials
 * @property {number} inFlight
 * @property {number} noise standard deviation, as a share of the regret's one less its zero
 * @property {'right' | 'wrong' | null} belief
 * @property {Readonly<Record<string, unknown>>} [options] of the sampler
 * @property {{eta: number, target: number} | null} asha early stopping; ends at this regret
 */

/**
 * @typedef {object} JobResult
 * @property {number[]} best true value of the best trial so far, after each trial that ended
 * @property {number[]} incumbent true value of the trial that looks best, after each (other than `best` under noise)
 * @property {{zero: number, one: number}} scale
 * @property {number} askMs mean time of an ask, wall clock
 * @property {Array<[value: number, epochs: number]>} improvements with early stopping: each better whole trial, and the
 *   epochs that all trials together had trained by then
 * @property {number} epochs steps trained in all
 * @property {boolean} centreOption whether the sampler has an option for the centre
 */

/** @type {Map<string, import('@tfsweep/orchestrator/problems').Problem>} */
const problems = new Map();
/** @type {Map<string, {zero: number, one: number}>} */
const scales = new Map();
const optuna = optunaRuns();

/** @param {Pick<Job, 'problem' | 'instance'>} job */
export function problemOfJob({ problem: name, instance }) {
  const key = `${name}/${instance}`;
  let problem = problems.get(key);
  if (problem === undefined) {
    problem = readProblem(problemText(name), name);
    if (instance !== null) problem = movedProblem(problem, { seed: instance, rotate: true });
    problems.set(key, problem);
  }
  return problem;
}

/** Seeds and trials of the random search that gives a moved instance its regret's one, as for the problems themselves. */
const RANDOM_SEEDS = 20;
const RANDOM_TRIALS = 10;

/**
 * @param {Pick<Job, 'problem' | 'instance'>} job
 * @returns {{zero: number, one: number}}
 */
export function scaleOfJob(job) {
  const { problem: name, instance } = job;
  if (instance === null) return { zero: optuna[name].zero, one: optuna[name].one };
  const key = `${name}/${instance}`;
  let scale = scales.get(key);
  if (scale === undefined) {
    const { space, evaluate, optimum } = problemOfJob(job);
    const bests = Array.from({ length: RANDOM_SEEDS }, (_, seed) =>
      Math.min(
        ...Array.from({ length: RANDOM_TRIALS }, (_unused, trial) =>
          evaluate(drawParams(space, createRng(seed, trial, 'regret scale'))),
        ),
      ),
    );
    scale = { zero: optimum.value, one: median(bests) };
    scales.set(key, scale);
  }
  return scale;
}

/**
 * @param {Job} job
 * @returns {JobResult}
 */
export function runJob(job) {
  if (job.part === 'objectives') return runObjectivesJob(job);
  const { seed, inFlight, asha } = job;
  const problem = problemOfJob(job);
  const scale = scaleOfJob(job);
  const sigma = job.noise * (scale.one - scale.zero);
  const { study, centreOption } = studyOfJob(job, problem);
  let askMs = 0;
  /** @type {Map<number, number>} */
  const truth = new Map();
  const target =
    asha === null ? Number.NEGATIVE_INFINITY : scale.zero + asha.target * (scale.one - scale.zero);
  const ask = study.ask.bind(study);
  study.ask = () => {
    const start = performance.now();
    const asked = ask();
    askMs += performance.now() - start;
    return asked;
  };
  const { trials: ended } = simulate({
    study,
    workers: inFlight,
    isEnough: ({ state, value }) => state === 'complete' && value !== null && value <= target,
    play: (params, number) => {
      // In flight together, trials end in another order than they began.
      const seconds = inFlight === 1 ? 1 : 0.5 + createRng(seed, number, 'duration').next();
      if (asha !== null) {
        const curve = problem.curve(params);
        const reports = curve.map((value, k) => ({ at: k + 1, step: problem.steps?.[k] ?? k + 1, value }));
        return { reports, seconds: curve.length };
      }
      const value = problem.evaluate(params);
      truth.set(number, value);
      return { reports: [], seconds, value: sigma === 0 ? value : noisyValue(value, sigma, seed, number) };
    },
  });
  const values = ended.map(({ number, value }) => truth.get(number) ?? value ?? Number.NaN);
  return {
    best: bestSoFar(values),
    incumbent: incumbents(ended, truth),
    scale,
    askMs: askMs / Math.max(1, ended.length),
    improvements: asha === null ? [] : improvementsOf(ended),
    epochs: ended.at(-1)?.stepsOfAll ?? 0,
    centreOption,
  };
}

/** @param {readonly import('@tfsweep/orchestrator/simulation').EndedTrial[]} ended */
function improvementsOf(ended) {
  /** @type {Array<[number, number]>} */
  const list = [];
  for (const { value, stepsOfAll } of ended)
    if (value !== null && !(value >= (list.at(-1)?.[0] ?? Number.POSITIVE_INFINITY)))
      list.push([value, stepsOfAll]);
  return list;
}

/**
 * True value of the trial with the lowest measured value, after each trial.
 * @param {readonly import('@tfsweep/orchestrator/simulation').EndedTrial[]} ended
 * @param {ReadonlyMap<number, number>} truth
 */
function incumbents(ended, truth) {
  let best = Number.POSITIVE_INFINITY;
  let shown = Number.POSITIVE_INFINITY;
  return ended.map(({ number, value }) => {
    if (value !== null && value < best) {
      best = value;
      shown = truth.get(number) ?? value;
    }
    return shown;
  });
}

/**
 * @param {Job} job
 * @param {import('@tfsweep/orchestrator/problems').Problem} problem
 */
export function studyOfJob(job, problem) {
  const { sampler, seed, trials, asha, centre, options: own = {} } = job;
  /** @param {Record<string, unknown>} options */
  const create = (options) =>
    createPureStudy({
      parameters: spaceOfJob(job, problem),
      metric: { name: 'value', goal: 'minimize', target: null, reduce: { type: 'last' } },
      method: METHOD_OF[sampler] ?? 'bayes',
      sampler: { type: sampler, options: { ...own, ...options } },
      scheduler: asha === null ? null : { type: 'asha', minIter: 1, maxIter: null, eta: asha.eta },
      seed,
      runCap: trials,
      maxStep: problem.steps?.at(-1) ?? null,
      points: [],
    });
  if (centre) return { study: create({}), centreOption: true };
  try {
    return { study: create({ centre: false }), centreOption: true };
  } catch (error) {
    if (error instanceof SamplerOptionError) return { study: create({}), centreOption: false };
    throw error;
  }
}

const METHOD_OF = { random: 'random', sobol: 'random' };

/**
 * @param {Job} job
 * @param {import('@tfsweep/orchestrator/problems').Problem} problem
 */
function spaceOfJob({ belief, seed }, { space, optimum }) {
  if (belief === null) return space;
  const point = belief === 'right' ? rightBelief : wrongBelief;
  return withPriors(space, point(space, optimum.params, seed));
}

/** @param {string} sampler */
export function isKnownSampler(sampler) {
  const job = { problem: 'branin2', instance: null, sampler, centre: true, seed: 0, trials: 1 };
  const rest = { part: '', inFlight: 1, noise: 0, belief: null, asha: null };
  try {
    return runJob({ ...job, ...rest }).best.length === 1;
  } catch (error) {
    if (error instanceof SamplerOptionError) return false;
    throw error;
  }
}
