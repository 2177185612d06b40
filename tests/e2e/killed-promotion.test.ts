import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '@tfsweep/orchestrator/store';
import { expect, it } from 'vitest';
import { Playground } from './tfsweep.ts';

const TRIALS = 18;
const KILLS = 3;
const STEPS = 9;

/** Adds up its steps in what it saves beside the model: 45 after nine of them, if none was lost and none done twice. */
const TRAINER = `
import { setTimeout as sleep } from 'node:timers/promises';
import { defineTrainer } from '@tfsweep/worker/trainer';

export default defineTrainer({
  async train({ params, tf, budget, checkpoint, report }) {
    const before = await checkpoint.load();
    const model = before?.model ?? tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    let sum = before?.extra.sum ?? 0;
    for (let step = (before?.step ?? 0) + 1; step <= budget.to; step++) {
      await sleep(60);
      sum += step;
      await report(step, { loss: (params.x - 0.3) ** 2 + 1 / step, sum });
      await checkpoint.save(step, model, { sum });
    }
  },
});
`;

const SWEEP = `name: promoting
seed: 5
trainer: {module: ./adding.mjs}
method: random
metric: {name: loss, goal: minimize}
parameters:
  x: {min: 0.0, max: 1.0}
fidelity: {unit: steps, min: 1, max: ${STEPS}}
early_terminate: {type: asha, eta: 3, mode: promotion}
checkpoints: {every: 1}
run_cap: ${TRIALS}
`;

interface TrialJson {
  readonly number: number;
  readonly state: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Until so many attempts were opened, in all lives together. */
async function hasOpened(playground: Playground, attempts: number): Promise<void> {
  for (;;) {
    await sleep(50);
    try {
      const store = openStore(join(playground.folder, '.tfsweep'));
      const sweep = store.sweep('promoting');
      const opened = sweep === null ? 0 : store.attempts(sweep.id).length;
      store.close();
      if (opened >= attempts) return;
    } catch {
      // Not made yet.
    }
  }
}

/** `number folder` of all on the disk. */
function checkpointsLeft({ folder }: Playground): string[] {
  const artifacts = join(folder, '.tfsweep', 'artifacts');
  return readdirSync(artifacts, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/]+\/\d+\/[^/]+\/checkpoint-[^/]+$/.test(path))
    .map((path) => `${path.split('/')[1]} ${basename(path)}`);
}

it('promotes on from the checkpoints when the orchestrator is killed with -9 three times', async () => {
  const playground = Playground.create();
  playground.write('adding.mjs', TRAINER);
  const sweep = playground.write('promoting.yaml', SWEEP);
  for (let kill = 0; kill < KILLS; kill++) {
    const verb = kill === 0 ? ['launch', sweep] : ['resume', 'promoting'];
    const running = playground.start([...verb, '--workers', '2', '--no-dashboard']);
    await hasOpened(playground, 8 * (kill + 1));
    running.kill('SIGKILL');
    await running.finished;
    expect(await playground.processesLeft()).toEqual([]);
  }
  const last = await playground.run(['resume', 'promoting', '--workers', '2', '--json']);
  expect({ code: last.code, stderr: last.code === 0 ? '' : last.stderr }).toEqual({ code: 0, stderr: '' });
  const { state, counts } = JSON.parse(last.stdout) as { state: string; counts: Record<string, number> };
  expect(state).toBe('complete');
  expect(counts).toMatchObject({ failed: 0, stopped: 0, paused: 0 });
  expect(counts.complete! + counts.pruned!).toBe(TRIALS);
  // Of 18 in the lowest rung at least 6 are promoted, and of those at least 2.
  expect(counts.complete).toBeGreaterThanOrEqual(2);

  const { stdout } = await playground.run(['leaderboard', 'promoting', '--json', '--all']);
  const trials = JSON.parse(stdout) as TrialJson[];
  for (const trial of trials.filter((one) => one.state === 'complete'))
    expect(trial.metrics.sum).toBe((STEPS * (STEPS + 1)) / 2);
  // Of all that was saved, in all lives, each complete trial has its last model left, and no other trial has any.
  const complete = trials
    .filter((one) => one.state === 'complete')
    .map(({ number }) => `${number} checkpoint-9`);
  expect(checkpointsLeft(playground).toSorted()).toEqual(complete.toSorted());
}, 240_000);
