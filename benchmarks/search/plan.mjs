import { canBeMoved } from '@tfsweep/orchestrator/problems';
import { problemOfJob } from './job.mjs';
import { OBJECTIVES_PROBLEMS } from './objectives-problems.mjs';

/** @typedef {import('./job.mjs').Job} Job */

export const PARTS = /** @type {const} */ ([
  'plain',
  'centre',
  'moved',
  'in-flight',
  'fidelity',
  'priors',
  'noise',
  'cap',
  'objectives',
]);

/** Of the regret's one less its zero: what a noisy measurement strays by. */
export const NOISE = 0.05;
/** The rungs' factor of the multi-fidelity part, and the regret that it has to reach. */
export const ETA = 3;
export const FIDELITY_PROBLEM = 'digits_mlp';
/** TPE with its cap on the trials that make a density, and without. */
export const UNCAPPED = { max_bad: 1_000_000 };
export const CAP_CHECKPOINTS = [500, 1_000];

/** Samplers of the part `objectives` where none is named. */
export const OBJECTIVES_SAMPLERS = ['gp', 'tpe', 'nsga2', 'random'];

/** Where a multi-fidelity search gives up. */
export const FIDELITY_TRIALS = 1_000;

/**
 * @typedef {object} Plan
 * @property {readonly (typeof PARTS)[number][]} parts
 * @property {readonly string[]} samplers
 * @property {boolean} isQuick all samplers in the part `plain` alone
 * @property {readonly string[]} objectivesSamplers
 * @property {readonly string[]} problems
 * @property {Record<string, number>} seeds how many, by part
 * @property {number} firstSeed
 * @property {readonly number[]} checkpoints trials at which tables show the regret, ascending
 * @property {readonly number[]} inFlight
 * @property {number} instances per continuous problem
 * @property {readonly number[]} targets regrets of the multi-fidelity part, descending
 */

/**
 * Samplers of the parts besides `plain`.
 * @param {Plan} plan
 */
export function samplersBesides({ samplers, isQuick }) {
  return isQuick ? samplers.slice(0, 1) : samplers;
}

/**
 * @param {Plan} plan
 * @returns {Job[]}
 */
export function jobsOf(plan) {
  const { parts, samplers, problems, seeds, firstSeed, checkpoints, inFlight, instances } = plan;
  const trials = checkpoints.at(-1);
  /** @type {Job[]} */
  const jobs = [];
  /** @param {Partial<Job> & Pick<Job, 'part' | 'problem' | 'sampler'>} job */
  const add = (job) => {
    for (let seed = firstSeed; seed < firstSeed + seeds[job.part]; seed++)
      jobs.push({
        instance: null,
        centre: true,
        trials,
        inFlight: 1,
        noise: 0,
        belief: null,
        asha: null,
        ...job,
        seed,
      });
  };
  const has = (part) => parts.includes(part);
  // What takes several runs per figure is only asked of the first sampler.
  const [first] = samplers;
  for (const problem of problems) {
    if (has('plain')) for (const sampler of samplers) add({ part: 'plain', problem, sampler });
    for (const sampler of samplersBesides(plan)) {
      if (has('centre')) add({ part: 'centre', problem, sampler, centre: false });
      if (has('moved') && canBeMoved(problemOfJob({ problem, instance: null })))
        for (let instance = 1; instance <= instances; instance++)
          add({ part: 'moved', problem, sampler, instance });
      if (has('noise')) add({ part: 'noise', problem, sampler, noise: NOISE });
    }
    if (has('cap')) {
      const cap = { part: 'cap', problem, sampler: 'tpe', trials: CAP_CHECKPOINTS.at(-1) };
      add(cap);
      add({ ...cap, options: UNCAPPED });
    }
    if (has('in-flight')) {
      for (const count of [1, ...inFlight])
        add({ part: 'in-flight', problem, sampler: first, inFlight: count });
    }
    if (has('priors')) {
      for (const belief of [null, 'right', 'wrong']) add({ part: 'priors', problem, sampler: first, belief });
    }
  }
  if (has('objectives')) {
    for (const problem of OBJECTIVES_PROBLEMS)
      for (const sampler of plan.objectivesSamplers) add({ part: 'objectives', problem, sampler });
  }
  if (has('fidelity')) {
    add({
      part: 'fidelity',
      problem: FIDELITY_PROBLEM,
      sampler: first,
      trials: FIDELITY_TRIALS,
      asha: { eta: ETA, target: plan.targets.at(-1) },
    });
  }
  return jobs;
}
