// A runner that trains nothing: what it does with a trial is said by the trial's parameter `do`.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const waiting = new Map();
let current = null;
let reports = 0;

const send = (message) => process.send(message);
const until = (condition) =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!condition()) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });

function report(runId, step, values) {
  reports += 1;
  const id = reports;
  send({ type: 'report', runId, id, step, values });
  return new Promise((resolve) => waiting.set(id, resolve));
}

/** Runs below a sweep's folder whose runner has written down its environment. */
function runnersIn(sweepDir) {
  const files = readdirSync(sweepDir, { recursive: true });
  return files.filter((file) => file.endsWith('runner.json')).length;
}

const behaviours = {
  async train({ runId, job }) {
    let stop = null;
    for (let step = 1; step <= (job.params.steps ?? 1) && stop === null; step += 1) {
      stop = await report(runId, step, { loss: step === 1 ? 'NaN' : 1 / step });
    }
    return stop === null ? { kind: 'complete', values: { loss: 0.25 } } : { kind: 'stopped' };
  },
  async throw() {
    return {
      kind: 'failed',
      error: { kind: 'throw', message: 'no luck', stack: 'Error: no luck\n    at t.ts:3:1' },
    };
  },
  async environment({ runDir }) {
    writeFileSync(join(runDir, 'runner.json'), JSON.stringify({ pid: process.pid, env: process.env }));
    return { kind: 'complete', values: {} };
  },
  /** Ends when `of` trials of the sweep are there, so that each has a slot of its own. */
  async meet({ job, runDir }) {
    await behaviours.environment({ runDir });
    const sweepDir = join(runDir, '..', '..');
    await until(() => runnersIn(sweepDir) === job.params.of);
    return { kind: 'complete', values: {} };
  },
  /** Ends when it is told to stop, or when the file named by `until` is there. */
  async wait({ runId, job }) {
    await until(() => current.stop !== null || (job.params.until && existsSync(job.params.until)));
    if (current.stop !== null) return { kind: 'stopped' };
    await report(runId, 1, { loss: 1 });
    return { kind: 'complete', values: {} };
  },
  /** Reports again and again, until the reply brings the order to stop. */
  async reportUntilStopped({ runId }) {
    for (let step = 1; ; step += 1) {
      const stop = await report(runId, step, { loss: 1 });
      if (stop !== null) return { kind: 'stopped' };
    }
  },
  async print() {
    process.stdout.write('to standard output\n');
    process.stderr.write('to standard error\n');
    return { kind: 'complete', values: {} };
  },
  async deaf({ job, runDir }) {
    process.on('SIGTERM', () => {});
    const child = spawn(process.execPath, [
      '-e',
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)",
    ]);
    writeFileSync(join(runDir, 'pids.json'), JSON.stringify([process.pid, child.pid]));
    if (job.params.spin) for (;;);
    return new Promise(() => {});
  },
  async exit() {
    process.exit(0);
  },
  async abort() {
    process.stderr.write('last words\n', () => process.abort());
    return new Promise(() => {});
  },
  async heap() {
    const hoard = [];
    for (;;) hoard.push(new Array(10_000).fill(hoard.length));
  },
  async garble({ runId }) {
    send('what');
    send({ type: 'report', runId, id: 1, step: 1.5, values: {} });
    send({ type: 'report', runId: 'of nobody', id: 2, step: 1, values: {} });
    return { kind: 'complete', values: {} };
  },
  async leak() {
    return { kind: 'complete', values: {} };
  },
};

process.on('message', async (message) => {
  if (message.type === 'exit') process.exit(0);
  if (message.type === 'reported') waiting.get(message.id)?.(message.stop);
  if (message.type === 'stop' && current?.runId === message.runId) current.stop = message.reason;
  if (message.type !== 'run') return;
  const { order } = message;
  current = { runId: order.runId, stop: null };
  const outcome = await behaviours[order.job.params.do](order);
  const rssBytes = order.job.params.do === 'leak' ? 64 * 1024 ** 3 : 64 * 1024 ** 2;
  send({ type: 'finished', runId: order.runId, outcome, tensors: 0, rssBytes });
});
process.on('disconnect', () => process.exit(1));

if (process.env.TFSWEEP_BACKEND === 'broken') {
  process.send({ type: 'unusable', message: 'broken: it never works' }, () => process.exit(1));
} else if (process.env.TFSWEEP_BACKEND === 'dying') {
  process.stderr.write('cannot open shared object file\n', () => process.exit(3));
} else {
  send({ type: 'ready', backend: process.env.TFSWEEP_BACKEND ?? 'fake', versions: {} });
}
