import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** @typedef {import('./job.mjs').Job} Job */
/** @typedef {import('./job.mjs').JobResult} JobResult */

/** @param {Job} job */
export const keyOf = (job) => JSON.stringify({ ...job, part: undefined });

/**
 * Results of an earlier run, one JSON object per line.
 * @param {string | undefined} path
 * @returns {Map<string, JobResult>}
 */
export function readStore(path) {
  if (path === undefined || !existsSync(path)) return new Map();
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line)).map(({ job, result }) => [keyOf(job), result]));
}

/**
 * Runs each job once, those that differ in their part alone together, and says how far it is.
 * @param {readonly Job[]} jobs
 * @param {{threads: number, store: string | undefined, say: (line: string) => void}} options
 * @returns {Promise<Map<string, JobResult>>}
 */
export async function runJobs(jobs, { threads, store, say }) {
  const results = readStore(store);
  const open = new Map(jobs.filter((job) => !results.has(keyOf(job))).map((job) => [keyOf(job), job]));
  if (open.size < jobs.length) say(`${open.size} runs to do; the others are the same, or stored.`);
  const waiting = [...open.values()];
  const clock = new Clock(waiting);
  let lastSaid = performance.now();
  const work = async () => {
    const worker = new Worker(new URL('./thread.mjs', import.meta.url));
    try {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        const start = performance.now();
        const result = await ask(worker, job);
        results.set(keyOf(job), result);
        if (store !== undefined) appendFileSync(store, `${JSON.stringify({ job, result })}\n`);
        clock.took(job, performance.now() - start);
        if (performance.now() - lastSaid > 5_000 || clock.left === 0) {
          lastSaid = performance.now();
          say(clock.toString(threads));
        }
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, waiting.length) }, work));
  return results;
}

/**
 * @param {Worker} worker
 * @param {Job} job
 * @returns {Promise<JobResult>}
 */
async function ask(worker, job) {
  const reply = new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  worker.postMessage(job);
  const { result, error } = await reply;
  worker.removeAllListeners('error');
  if (error !== undefined) throw new Error(`${describe(job)} failed:\n${error}`);
  return result;
}

/** @param {Job} job */
const describe = ({ part, problem, instance, sampler, seed }) =>
  `${part}: ${sampler} on ${problem}${instance === null ? '' : ` (instance ${instance})`}, seed ${seed}`;

/** Remaining time from the mean time of each sampler's runs so far. */
class Clock {
  #start = performance.now();
  /** @type {Map<string, {sum: number, count: number}>} */
  #times = new Map();
  /** @type {Map<string, number>} */
  #left = new Map();
  #all;
  left;
  #last = '';

  /** @param {readonly Job[]} jobs */
  constructor(jobs) {
    this.#all = jobs.length;
    this.left = jobs.length;
    for (const job of jobs) this.#left.set(kind(job), (this.#left.get(kind(job)) ?? 0) + 1);
  }

  /**
   * @param {Job} job
   * @param {number} ms
   */
  took(job, ms) {
    const time = this.#times.get(kind(job)) ?? { sum: 0, count: 0 };
    this.#times.set(kind(job), { sum: time.sum + ms, count: time.count + 1 });
    this.#left.set(kind(job), this.#left.get(kind(job)) - 1);
    this.left--;
    this.#last = describe(job);
  }

  /** @param {number} threads */
  toString(threads) {
    const known = [...this.#times.values()];
    const overall = known.reduce((s, t) => s + t.sum, 0) / known.reduce((s, t) => s + t.count, 0);
    let ms = 0;
    for (const [name, count] of this.#left) {
      const time = this.#times.get(name);
      ms += count * (time === undefined ? overall : time.sum / time.count);
    }
    const elapsed = duration(performance.now() - this.#start);
    return `${this.#all - this.left} of ${this.#all} runs, ${elapsed}, about ${duration(ms / threads)} left (${this.#last})`;
  }
}

/** @param {Job} job */
const kind = ({ part, sampler }) => `${part}/${sampler}`;

/** @param {number} ms */
const duration = (ms) => {
  const seconds = Math.round(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};
