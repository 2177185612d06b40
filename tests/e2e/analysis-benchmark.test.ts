import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const RUNNER = fileURLToPath(new URL('../../benchmarks/run.mjs', import.meta.url));
const run = promisify(execFile);

it('holds what is expected of more trials against what they bring', async () => {
  const { stdout } = await run(process.execPath, [
    ...[RUNNER, 'analysis', '--json', '--parts', 'backtest', '--samplers', 'random,tpe'],
    ...['--seeds', '2', '--trials', '40'],
  ]);
  const { backtest } = (JSON.parse(stdout) as { figures: { backtest: Array<Record<string, number>> } })
    .figures;
  expect(backtest).toMatchObject([
    { sampler: 'random', trials: 40, more: 40, searches: 18, improves_foretold: 0.5 },
    { sampler: 'tpe', trials: 40, more: 40 },
  ]);
  for (const { within, better, gain_foretold, gain } of backtest) {
    expect(within! + better!).toBeLessThanOrEqual(1.001);
    expect(within).toBeGreaterThan(0.6);
    expect(gain_foretold! / gain!).toBeGreaterThan(0.4);
    expect(gain_foretold! / gain!).toBeLessThan(2.5);
  }
});
