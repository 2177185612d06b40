import { expect, it } from 'vitest';
import { Playground } from './tfsweep.ts';

/** One trainer that fails in the way that its parameter names, and completes for `fine`. */
const TRAINER = `
import { defineTrainer } from '@tfsweep/worker/trainer';

export default defineTrainer({
  async train({ params, report }) {
    switch (params.how) {
      case 'throws': throw new Error('the third layer is missing');
      case 'nan': await report(1, { loss: Number.NaN }); return;
      case 'silent': return;
      case 'other': await report(1, { accuracy: 0.5 }); return;
      case 'exits': process.exit(3);
      case 'hangs': for (;;) {}
      case 'memory': { const held = []; for (;;) held.push(new Array(1e6).fill(held.length)); }
    }
    await report(1, { loss: 0.25 });
  },
});
`;

const EXPECTED: Record<string, { state: string; reason: RegExp }> = {
  throws: { state: 'failed', reason: /the third layer is missing/ },
  nan: { state: 'failed', reason: /loss was reported at step 1 as NaN/ },
  silent: { state: 'failed', reason: /without ever reporting loss/ },
  other: { state: 'failed', reason: /Reported were: accuracy/ },
  exits: { state: 'failed', reason: /exit code 3/ },
  hangs: { state: 'failed', reason: /time|limit/i },
  memory: { state: 'failed', reason: /memory/i },
  fine: { state: 'complete', reason: /^$/ },
};

it('ends each kind of broken trial as failed with its reason, and the sweep goes on', async () => {
  const playground = Playground.create();
  playground.write('broken.mjs', TRAINER);
  const kinds = ['fine', ...Object.keys(EXPECTED).filter((kind) => kind !== 'fine')];
  const sweep = playground.write(
    'broken.yaml',
    `name: broken
trainer: {module: ./broken.mjs}
method: grid
metric: {name: loss, goal: minimize}
parameters:
  how: {values: [${kinds.join(', ')}]}
budget: {trial_wallclock: 8s}
retry: {max_attempts: 2, backoff: 1s}
`,
  );
  const result = await playground.run(['launch', sweep, '--json', '--workers', '2'], {
    NODE_OPTIONS: '--max-old-space-size=160',
  });
  expect(result).toMatchObject({ code: 0 });
  expect(JSON.parse(result.stdout)).toMatchObject({ counts: { complete: 1, failed: kinds.length - 1 } });

  for (const [number, kind] of kinds.entries()) {
    const shown = JSON.parse((await playground.run(['show', 'broken', String(number), '--json'])).stdout) as {
      state: string;
      reason: string | null;
      error: { stack?: string } | null;
      params: { how: string };
    };
    expect(shown.params.how).toBe(kind);
    expect(shown.state).toBe(EXPECTED[kind]?.state);
    expect(shown.reason ?? '').toMatch(EXPECTED[kind]?.reason ?? /never/);
    if (kind === 'throws') expect(shown.error?.stack).toMatch(/broken\.mjs:7/);
  }
}, 180_000);

it('stops a sweep whose first three trials fail with the same error, and shows that error once', async () => {
  const playground = Playground.create();
  playground.write('broken.mjs', TRAINER);
  const sweep = playground.write(
    'broken.yaml',
    `name: broken
trainer: {module: ./broken.mjs}
method: random
metric: {name: loss, goal: minimize}
parameters:
  how: {value: throws}
run_cap: 50
`,
  );
  const result = await playground.run(['launch', sweep, '--workers', '2', '--no-dashboard']);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('the third layer is missing');
  expect(result.stderr).toContain('broken.mjs:7');
}, 120_000);
