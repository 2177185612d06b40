import { expect, it } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { Playground } from './tfsweep.ts';

it('tells after two sweeps what decides the result, and compares them', async () => {
  const playground = Playground.create();
  const path = writeQuickSweep(playground, {
    trials: 20,
    pauseMs: 1,
    extra: 'early_terminate: {type: median, startup_trials: 8}',
  });
  const launch = ['launch', path, '--workers', '2', '--queue', 'memory', '--quiet', '--no-dashboard'];
  for (const [name, seed] of [
    ['first', 1],
    ['second', 2],
  ] as const) {
    const launched = await playground.run([...launch, '--set', `name=${name}`, '--set', `seed=${seed}`]);
    expect(launched.code, launched.stderr).toBe(0);
  }

  const importance = await playground.run(['importance', 'first', '--json']);
  expect(importance.code, importance.stderr).toBe(0);
  expect(JSON.parse(importance.stdout)).toMatchObject({
    sweep: 'first',
    method: 'ped-anova',
    trials: 20,
    parameters: [{ name: 'x', importance: 1, present: 1 }],
  });
  const bars = await playground.run(['importance']);
  expect(bars.stdout).toMatch(/^x\s+1\.000\s+█+/m);

  const compared = await playground.run(['compare', 'first', 'second', '--by', 'steps', '--json']);
  expect(compared.code, compared.stderr).toBe(0);
  expect(JSON.parse(compared.stdout)).toMatchObject({
    metric: 'loss',
    differences: [{ path: 'seed', values: { first: '1', second: '2' } }],
    verdicts: [{ kind: 'single-runs' }],
    expected_best: { first: { kind: expect.any(String) } },
  });
  const text = await playground.run(['compare', 'first', 'second']);
  expect(text.stdout).toContain('One run each proves nothing');

  const unknown = await playground.run(['compare', 'first', 'secnd']);
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toContain('Did you mean second?');
});
