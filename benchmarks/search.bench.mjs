// How good the samplers' choices are: normalised regret on the reference problems, beside Optuna's.
import { availableParallelism } from 'node:os';
import { PROBLEM_NAMES } from './reference.mjs';
import { figuresOf } from './search/figures.mjs';
import { isKnownSampler } from './search/job.mjs';
import { jobsOf, OBJECTIVES_SAMPLERS, PARTS } from './search/plan.mjs';
import { readStore, runJobs } from './search/run-jobs.mjs';
import { renderSearch } from './search/tables.mjs';
import { listOf, UsageError, wholeNumber } from './usage-error.mjs';

export const usage = `
Without options: every part with two seeds, \`tpe\` and \`gp\` in the first part alone: some minutes, for a first look.
The tables of docs/benchmarks.md: --full.
`;

export const options = {
  full: { type: 'boolean', help: '20 seeds, 4 instances of each continuous problem' },
  parts: { type: 'string', help: `of ${PARTS.join(', ')}; default: all` },
  samplers: {
    type: 'string',
    help: `default: auto,tpe,gp, and of the part objectives ${OBJECTIVES_SAMPLERS.join()}; in-flight, fidelity and priors use the first`,
  },
  problems: { type: 'string', help: `default: all (${PROBLEM_NAMES.join(', ')})` },
  seeds: { type: 'string', help: 'number of seeds, for some parts another: 10,moved=2; default 2' },
  'first-seed': { type: 'string', help: 'default 0: other ones show whether a gain is luck' },
  trials: { type: 'string', help: 'trials at which the regret is shown; default 10,25,50,100' },
  'in-flight': { type: 'string', help: 'trials at a time; default 8,32' },
  instances: { type: 'string', help: 'shifted and rotated instances of each continuous problem; default 1' },
  targets: {
    type: 'string',
    help: 'regrets that early stopping has to reach; default 0.25, with --full 0.5,0.25,0.1',
  },
  'no-centre': { type: 'boolean', help: 'the part `plain` without the centre first, and no part `centre`' },
  jobs: { type: 'string', help: 'runs at a time; default: cores less one' },
  store: { type: 'string', help: 'file that keeps the runs; those that it holds are not done again' },
  against: { type: 'string', help: 'such a file of an earlier run: what has changed since, seed by seed' },
};

export const render = renderSearch;

export async function measure(say, given) {
  const named = planOf(given);
  const samplers = named.samplers.filter(isKnownSampler);
  const unknown = named.samplers.filter((sampler) => !samplers.includes(sampler));
  if (unknown.length > 0) say(`No such sampler, so left out: ${unknown.join(', ')}.`);
  if (samplers.length === 0) throw new UsageError('--samplers names none that there is.');
  const objectivesSamplers = given.samplers === undefined ? OBJECTIVES_SAMPLERS : samplers;
  const plan = { ...named, samplers, objectivesSamplers };
  let jobs = jobsOf(plan);
  if (given['no-centre'])
    jobs = jobs.filter(({ part }) => part !== 'centre').map((job) => ({ ...job, centre: false }));
  const threads =
    given.jobs === undefined ? Math.max(1, availableParallelism() - 1) : wholeNumber('jobs', given.jobs);
  const results = await runJobs(jobs, { threads, store: given.store, say });
  const parts = given['no-centre'] ? plan.parts.filter((part) => part !== 'centre') : plan.parts;
  return figuresOf({ ...plan, parts }, jobs, results, readStore(given.against));
}

function planOf(given) {
  const text = (option, fallback) => given[option] ?? fallback;
  const count = (option, fallback, least) => wholeNumber(option, text(option, String(fallback)), least);
  const numbers = (option, fallback) =>
    text(option, fallback)
      .split(',')
      .map((part) => wholeNumber(option, part))
      .sort((a, b) => a - b);
  const firstSeed = count('first-seed', 0, 0);
  const targets = text('targets', given.full ? '0.5,0.25,0.1' : '0.25')
    .split(',')
    .map(Number)
    .sort((x, y) => y - x);
  if (!targets.every((target) => target > 0 && target < 1))
    throw new UsageError(`--targets is \`${given.targets}\`; it must be regrets between 0 and 1.`);
  return {
    parts: listOf('parts', text('parts', PARTS.join(',')), PARTS),
    samplers: text('samplers', 'auto,tpe,gp').split(','),
    isQuick: !given.full && given.samplers === undefined,
    problems: listOf('problems', text('problems', PROBLEM_NAMES.join(',')), PROBLEM_NAMES),
    seeds: seedsByPart(text('seeds', given.full ? '20' : '2')),
    firstSeed,
    checkpoints: numbers('trials', '10,25,50,100'),
    inFlight: numbers('in-flight', '8,32').filter((n) => n > 1),
    instances: count('instances', given.full ? 4 : 1),
    targets,
  };
}

/** `10,moved=2`: ten, and two in the part `moved`. */
function seedsByPart(text) {
  const entries = text.split(',').map((part) => (part.includes('=') ? part.split('=') : ['', part]));
  const [, usual] = entries.find(([part]) => part === '') ?? ['', '2'];
  const seeds = Object.fromEntries(PARTS.map((part) => [part, wholeNumber('seeds', usual)]));
  for (const [part, number] of entries.filter(([name]) => name !== '')) {
    listOf('seeds', part, PARTS);
    seeds[part] = wholeNumber('seeds', number);
  }
  return seeds;
}
