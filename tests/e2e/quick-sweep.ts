import type { Playground } from './tfsweep.ts';

/** A trainer that reports an analytic loss, some steps long: what is tested here is the orchestration. */
const TRAINER = `
import { setTimeout as sleep } from 'node:timers/promises';
import { defineTrainer } from '@tfsweep/worker/trainer';

export default defineTrainer({
  async train({ params, args, budget, report }) {
    for (let step = budget.from + 1; step <= budget.to; step++) {
      await sleep(args.pause);
      await report(step, { loss: (params.x - 0.3) ** 2 + 1 / step });
    }
  },
});
`;

/** Writes a sweep of \`trials\` random trials that last three pauses each. @returns the sweep file's path. */
export function writeQuickSweep(
  playground: Playground,
  options: { trials: number; pauseMs: number; extra?: string },
): string {
  playground.write('quick.mjs', TRAINER);
  return playground.write(
    'quick.yaml',
    `name: quick
seed: 5
trainer: {module: ./quick.mjs, args: {pause: ${options.pauseMs}}}
method: random
metric: {name: loss, goal: minimize}
parameters:
  x: {min: 0.0, max: 1.0}
fidelity: {unit: steps, min: 1, max: 3}
run_cap: ${options.trials}
${options.extra ?? ''}
`,
  );
}
