import { expect, it } from 'vitest';
import { Playground } from './tfsweep.ts';

/** Fails until there is a file `mended` beside it. */
const TRAINER = `
import { existsSync } from 'node:fs';
import { defineTrainer } from '@tfsweep/worker/trainer';

export default defineTrainer({
  async train({ params, budget, report, pathOf }) {
    if (!existsSync(pathOf('mended'))) throw new Error('not mended yet');
    for (let step = budget.from + 1; step <= budget.to; step++) await report(step, { loss: params.x });
  },
});
`;

const SWEEP = `name: broken
seed: 5
trainer: {module: ./broken.mjs}
method: random
metric: {name: loss, goal: minimize}
parameters:
  x: {min: 0.0, max: 1.0}
fidelity: {unit: steps, min: 1, max: 2}
run_cap: 2
budget: {max_failed: 0}
`;

interface Ranked {
  readonly number: number;
  readonly state: string;
  readonly params: { readonly x: number };
}

it('tries a failed trial again, although its failure had ended the sweep', async () => {
  const playground = Playground.create();
  playground.write('broken.mjs', TRAINER);
  const sweep = playground.write('broken.yaml', SWEEP);
  const alone = ['--queue', 'memory', '--workers', '1', '--no-dashboard'];
  const launched = await playground.run(['launch', sweep, ...alone]);
  expect(launched).toMatchObject({ code: 1, stdout: expect.stringContaining('budget.max_failed is 0') });
  const shown = async (): Promise<Ranked[]> =>
    JSON.parse((await playground.run(['leaderboard', '--all', '--json'])).stdout) as Ranked[];
  const [failed] = (await shown()).filter(({ state }) => state === 'failed');

  const wrong = await playground.run(['retry', 'broken', 'first']);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('the number of a trial') });
  const asked = await playground.run(['retry', 'broken', String(failed!.number)]);
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('tfsweep resume broken') });
  playground.write('mended', '');
  expect(await playground.run(['resume', 'broken', ...alone])).toMatchObject({ code: 0 });
  const again = (await shown()).filter(({ params }) => params.x === failed!.params.x);
  expect(again.map(({ state }) => state).sort()).toEqual(['complete', 'failed']);
}, 120_000);
