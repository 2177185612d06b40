import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Playground } from './tfsweep.ts';

const CONFIGS = fileURLToPath(new URL('../../configs/', import.meta.url));
const TRIALS = 4;
const SWEEP_MS = 180_000;

const names = readdirSync(CONFIGS).filter((name) => name.endsWith('.yaml'));

it.each(names)(
  'trains the first trials of configs/%s without a failure',
  async (name) => {
    const playground = Playground.create();
    const launched = await playground.run([
      'launch',
      join(CONFIGS, name),
      '--json',
      '--quiet',
      '--set',
      `run_cap=${TRIALS}`,
    ]);
    expect(launched).toMatchObject({ code: 0 });
    const { counts, best } = JSON.parse(launched.stdout) as {
      counts: Record<string, number>;
      best: { value: number } | null;
    };
    expect(counts.failed).toBe(0);
    expect(counts.complete! + counts.pruned!).toBe(TRIALS);
    expect(best?.value).toEqual(expect.any(Number));
  },
  SWEEP_MS,
);

it(
  'launches configs/transfer.yaml with what configs/grid.yaml found out, and the several metrics with a front',
  async () => {
    const playground = Playground.create();
    const launch = async (name: string, ...set: string[]): Promise<{ stderr: string; stdout: string }> => {
      const launched = await playground.run(['launch', join(CONFIGS, name), '--json', ...set]);
      expect(launched).toMatchObject({ code: 0 });
      return launched;
    };
    await launch('grid.yaml');
    const { stderr } = await launch('transfer.yaml', '--set', 'run_cap=2');
    expect(stderr).not.toContain('starts without');
    const shown = await playground.run(['show', 'transfer', '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ transfer: [{ sweep: 'grid', trials: 12 }] });
    const { stdout } = await launch('multi-objective.yaml', '--set', 'run_cap=4');
    const { best, front } = JSON.parse(stdout);
    expect(front[0]).toMatchObject(best);
    expect(Object.keys(front[0].values)).toEqual(['val_accuracy', 'model_parameters', 'val_loss']);
  },
  SWEEP_MS,
);

it(
  'trains what init makes of a table, and better than by guessing',
  async () => {
    const playground = Playground.create();
    mkdirSync(join(playground.folder, 'data'));
    copyFileSync(join(CONFIGS, 'data/iris.csv'), join(playground.folder, 'data/iris.csv'));
    expect(await playground.run(['init', '--csv', 'data/iris.csv', 'flowers'])).toMatchObject({ code: 0 });
    const launched = await playground.run(['launch', 'flowers/sweep.yaml', '--json', '--set', 'run_cap=6']);
    expect(launched).toMatchObject({ code: 0 });
    // One in three is what guessing gets.
    expect(JSON.parse(launched.stdout).best.value).toBeGreaterThan(0.8);
  },
  SWEEP_MS,
);
