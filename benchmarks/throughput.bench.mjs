// No-op trials per second, end to end: ask → Redis → worker → runner process → Redis → SQLite, 8 trials in flight.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '@tfsweep/orchestrator/store';

const SLOTS = 8;
const TRIALS = 4_000;
const REPEATS = 3;

const TRAINER = `
import { defineTrainer } from '@tfsweep/worker/trainer';
export default defineTrainer({ train: ({ params }) => ({ loss: params.x }) });
`;

const SWEEP = `
name: throughput
seed: 1
trainer: {module: ./noop.mjs}
method: random
metric: {name: loss, goal: minimize}
parameters:
  x: {min: 0.0, max: 1.0}
run_cap: ${TRIALS}
`;

/** @returns trials per second between the first and the last finished trial: process start-up is not counted. */
async function sweepOnce() {
  const folder = mkdtempSync(join(tmpdir(), 'tfsweep-bench-'));
  try {
    writeFileSync(join(folder, 'noop.mjs'), TRAINER);
    writeFileSync(join(folder, 'sweep.yaml'), SWEEP);
    const main = fileURLToPath(new URL('../packages/orchestrator/bin/tfsweep.mjs', import.meta.url));
    const args = [main, 'launch', 'sweep.yaml', '--workers', String(SLOTS), '--json', '--quiet'];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.resume();
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`launch ended with ${code}`);
    const store = openStore(join(folder, '.tfsweep'));
    const sweep = store.sweep();
    if (sweep.counts.complete !== TRIALS)
      throw new Error(`${sweep.counts.complete} of ${TRIALS} trials completed`);
    const times = store.trials(sweep.id).map((trial) => trial.finishedAt);
    store.close();
    return (TRIALS - 1) / ((Math.max(...times) - Math.min(...times)) / 1000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function measure(say) {
  const rates = [];
  for (let repeat = 1; repeat <= REPEATS; repeat++) {
    rates.push(await sweepOnce());
    say(`run ${repeat} of ${REPEATS}: ${rates.at(-1).toFixed(0)} trials/s`);
  }
  rates.sort((a, b) => a - b);
  return {
    trials_per_s: Math.round(rates[Math.floor(REPEATS / 2)]),
    slowest: Math.round(rates[0]),
    fastest: Math.round(rates.at(-1)),
    trials: TRIALS,
    in_flight: SLOTS,
  };
}
