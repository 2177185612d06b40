import { describe, expect, it, onTestFinished } from 'vitest';
import type { SweepConfig } from '../config/sweep-config.ts';
import { drawParams } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import { openStore } from '../store/index.ts';
import { runTrial, sampleConfig, tempDir } from '../store/testing/sample-sweeps.ts';
import { createRng } from '../study/rng.ts';
import { addCompareVerb } from './compare.ts';
import { addImportanceVerb } from './importance.ts';
import { runVerb } from './testing/run-verb.ts';

const unit = { kind: 'float', low: 0, high: 1, log: false } as const;
const SPACE: Space = [
  { name: 'x', distribution: unit, when: [] },
  { name: 'y', distribution: unit, when: [] },
  {
    name: 'kind',
    distribution: { kind: 'categorical', choices: ['a', 'b'], ordered: false },
    when: [],
  },
  { name: 'depth', distribution: unit, when: [{ parameter: 'kind', kind: 'in', values: ['b'] }] },
];

interface SampleSweep {
  readonly config?: Partial<SweepConfig>;
  readonly trials: number;
  /** Added to every result. */
  readonly bonus?: number;
  readonly pruned?: number;
}

/** A store with sweeps over SPACE whose result is mostly y, all drawn at random. */
async function storeWith(sweeps: Readonly<Record<string, SampleSweep>>): Promise<string> {
  const dir = tempDir();
  const store = openStore(dir, { create: true });
  onTestFinished(() => store.close());
  for (const [name, { config, trials, bonus = 0, pruned = 0 }] of Object.entries(sweeps)) {
    const whole = sampleConfig({ parameters: SPACE, name, ...config });
    const { id } = await store.createSweep({ config: whole, source: `name: ${name}\n`, configDir: '/x' });
    const writer = await store.claim(id);
    const rng = createRng(whole.seed, 0, name);
    await writer.transaction((tx) => {
      for (let number = 0; number < trials; number++) {
        const params = drawParams(SPACE, rng);
        const isPruned = number >= trials - pruned;
        runTrial(tx, number, {
          params: params as Record<string, string | number>,
          metrics: isPruned ? [0] : [0, result(params) + bonus],
          end: isPruned ? 'pruned' : 'complete',
        });
      }
    });
    await writer.release();
  }
  return dir;
}

const result = (params: Params): number => (params.x as number) * 0.2 + (params.y as number);

describe('tfsweep importance', () => {
  it('draws bars, the most important parameter first, and the share that has a conditional one', async () => {
    const dir = await storeWith({ digits: { trials: 60 } });
    const lines = (await runVerb(addImportanceVerb, 'importance', '--dir', dir)).split('\n');
    expect(lines[0]).toContain('val_accuracy in digits');
    expect(lines[1]).toBe('60 trials');
    expect(lines[3]).toMatch(/^parameter\s+importance\s+present$/);
    expect(lines[4]).toMatch(/^y\s+0\.\d{3}\s+█{24}\s+100 %$/);
    expect(lines.find((line) => line.startsWith('depth'))).toMatch(/[3-6]\d %$/);
  });

  it('shows with fanova what a parameter does alone, interactions, and how well the forest predicts', async () => {
    const dir = await storeWith({ digits: { trials: 60 } });
    const text = await runVerb(addImportanceVerb, 'importance', 'digits', '--method', 'fanova', '--dir', dir);
    expect(text).toMatch(/^parameter\s+importance\s+alone\s+present$/m);
    expect(text).toMatch(/^The forest explains \d+ % of the variance of trials that it has not seen/m);
  });

  it('prints JSON: importances that sum to 1', async () => {
    const dir = await storeWith({ digits: { trials: 80, pruned: 20 } });
    const json = async (...flags: string[]) =>
      JSON.parse(await runVerb(addImportanceVerb, 'importance', '--json', '--dir', dir, ...flags)) as {
        parameters: { name: string; importance: number }[];
      };
    const ped = await json();
    expect(ped).toMatchObject({
      sweep: 'digits',
      method: 'ped-anova',
      trials: 80,
      pruned: 20,
      r_squared: null,
    });
    expect(ped.parameters[0]!.name).toBe('y');
    expect(ped.parameters.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 9);
    const fanova = await json('--method', 'fanova');
    expect(fanova).toMatchObject({ method: 'fanova', trials: 60, pruned: 0 });
    expect(fanova.parameters[0]!.name).toBe('y');
    // The loss is 1 - accuracy: the same parameters decide it.
    const loss = await json('--metric', 'loss', '--goal', 'minimize');
    expect(loss).toMatchObject({ metric: 'loss', goal: 'minimize', trials: 60 });
    expect(loss.parameters[0]!.name).toBe('y');
  });

  it('takes the front of several metrics, unless a metric or fanova is asked for', async () => {
    const loss = { name: 'loss', goal: 'minimize', target: null, reduce: { type: 'last' } } as const;
    const dir = await storeWith({ digits: { trials: 60, pruned: 10, config: { otherMetrics: [loss] } } });
    const run = (...flags: string[]) => runVerb(addImportanceVerb, 'importance', '--dir', dir, ...flags);
    const lines = (await run()).split('\n');
    expect(lines[0]).toMatch(/Pareto front of digits/);
    // The loss is 1 - accuracy: each front is one trial.
    expect(lines[1]).toMatch(/^60 trials, 6 of them on the front or next to it, 10 of them pruned/);
    expect(lines[4]).toMatch(/^y /);
    const front = JSON.parse(await run('--json'));
    expect(front).toMatchObject({ metric: null, goal: null, front_of: ['val_accuracy', 'loss'], best: 6 });
    const single = JSON.parse(await run('--json', '--metric', 'val_accuracy'));
    expect(single).toMatchObject({ metric: 'val_accuracy', goal: 'maximize' });
    expect(single.parameters).toEqual(front.parameters);
    expect(JSON.parse(await run('--json', '--method', 'fanova'))).toMatchObject({
      metric: 'val_accuracy',
      best: null,
    });
  });

  it('says how many trials it takes, and what to do', async () => {
    const dir = await storeWith({ digits: { trials: 9 } });
    await expect(runVerb(addImportanceVerb, 'importance', '--dir', dir)).rejects.toMatchObject({
      code: 'TOO_FEW_TRIALS',
      exitCode: 1,
      message: expect.stringMatching(/at least 10 finished trials.*has 9.*tfsweep resume digits/s),
    });
  });

  it('wants a metric that exists, and a goal where the sweep has none', async () => {
    const dir = await storeWith({ digits: { trials: 12 } });
    await expect(
      runVerb(addImportanceVerb, 'importance', '--metric', 'los', '--dir', dir),
    ).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('There are: val_accuracy, loss'),
    });
    await expect(
      runVerb(addImportanceVerb, 'importance', '--metric', 'loss', '--dir', dir),
    ).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--goal minimize or --goal maximize'),
    });
    await expect(runVerb(addImportanceVerb, 'importance', '--method', 'shap', '--dir', dir)).rejects.toThrow(
      'ped-anova, fanova',
    );
  });
});

describe('tfsweep compare', () => {
  const tpe = { sampler: { type: 'tpe', options: {} }, method: 'bayes' } as const;

  it('shows what differs in the configs, the bests at equal cost, and that one run each proves nothing', async () => {
    const dir = await storeWith({
      base: { trials: 40 },
      better: { trials: 30, bonus: 1, config: tpe },
    });
    const text = await runVerb(addCompareVerb, 'compare', 'base', 'better', '--dir', dir);
    expect(text).toMatch(/^sampler\.type\s+random\s+tpe$/m);
    expect(text).not.toMatch(/^seed/m);
    expect(text).toMatch(/^\s+30\s+[\d.]+\s+[\d.]+$/m);
    expect(text).toMatch(/^better is ahead of base by [\d.]+ after 30 trials\.$/m);
    expect(text).toContain('One run each proves nothing');
    expect(text).toMatch(/base's best is the better one in 0 %/);
    expect(text).toMatch(/^base\s+[\d.]+\s+[\d.]+ to [\d.]+\s+50 %$/m);
  });

  it('tests groups over seeds, paired where the seeds are the same', async () => {
    const sweeps: Record<string, SampleSweep> = {};
    for (let seed = 1; seed <= 6; seed++) {
      sweeps[`plain-${seed}`] = { trials: 12, config: { seed } };
      sweeps[`tpe-${seed}`] = { trials: 12, bonus: 1, config: { seed, ...tpe } };
    }
    const dir = await storeWith(sweeps);
    const text = await runVerb(addCompareVerb, 'compare', 'plain*', 'tpe*', '--dir', dir);
    expect(text).not.toMatch(/^seed/m);
    expect(text).toMatch(
      /^tpe\* is ahead of plain\* by .* after 12 trials \(.* Wilcoxon's signed ranks over 6 seeds, p = 0\.031; of the means by permutation p = 0\.031\)\. The difference is significant\.$/m,
    );
    const names = (kind: string) => [1, 2, 3, 4, 5, 6].map((seed) => `${kind}-${seed}`);
    const lists = [names('plain').join(), names('tpe').join()];
    const json = JSON.parse(await runVerb(addCompareVerb, 'compare', ...lists, '--json', '--dir', dir)) as {
      verdicts: unknown[];
      best_so_far: { trials: { best: { mean: number; low: number; high: number }[] }[] };
    };
    expect(json).toMatchObject({
      metric: 'val_accuracy',
      goal: 'maximize',
      groups: [{ sweeps: names('plain') }, { sweeps: names('tpe') }],
      by: 'trials',
      verdicts: [{ kind: 'wilcoxon', pairs: 6, p: 1 / 32, adjusted_p: 1 / 32, better: lists[1] }],
    });
    const last = json.best_so_far.trials.at(-1)!.best[1]!;
    expect(last.low).toBeLessThan(last.mean);
    expect(last.high).toBeGreaterThan(last.mean);
  });

  it('says when so few runs cannot show a difference', async () => {
    const dir = await storeWith({
      'a-1': { trials: 5, config: { seed: 1 } },
      'a-2': { trials: 5, config: { seed: 2 } },
      'b-1': { trials: 5, config: { seed: 3 } },
      'b-2': { trials: 5, config: { seed: 4 } },
    });
    const text = await runVerb(addCompareVerb, 'compare', 'a-*', 'b-*', '--by', 'epochs', '--dir', dir);
    expect(text).toMatch(/after 10 epochs \(Mann-Whitney's U over 2 and 2 runs/);
    expect(text).toContain("p can't fall below 0.33. It takes 4 runs of each.");
  });

  it('compares sweeps with several objectives by the hypervolume of their fronts', async () => {
    const reduce = { type: 'last' } as const;
    const otherMetrics = [{ name: 'loss', goal: 'minimize', target: null, reduce }] as const;
    const dir = await storeWith({
      one: { trials: 20, config: { otherMetrics } },
      two: { trials: 20, bonus: 1, config: { otherMetrics } },
      odd: { trials: 20 },
    });
    const json = JSON.parse(
      await runVerb(addCompareVerb, 'compare', 'one', 'two', '--json', '--dir', dir),
    ) as {
      reference: number[];
      best_so_far: { trials: { best: { mean: number }[] }[] };
    };
    expect(json).toMatchObject({
      metric: 'hypervolume',
      goal: 'maximize',
      verdicts: [{ kind: 'single-runs', better: 'two', halves: null }],
      expected_best: { one: { kind: 'unknown' } },
    });
    expect(json.reference).toHaveLength(2);
    const volumes = json.best_so_far.trials.map(({ best }) => best[0]!.mean);
    expect(volumes).toEqual(volumes.toSorted((a, b) => a - b));
    await expect(runVerb(addCompareVerb, 'compare', 'one', 'odd', '--dir', dir)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(
        'maximize val_accuracy and minimize loss, odd to maximize val_accuracy',
      ),
    });
  });

  it('refuses what cannot be compared', async () => {
    const loss = { name: 'loss', goal: 'minimize', target: null, reduce: { type: 'last' } } as const;
    const dir = await storeWith({
      one: { trials: 3 },
      two: { trials: 3, config: { metric: loss } },
      empty: { trials: 0 },
    });
    const refused = async (exitCode: number, message: RegExp, ...names: string[]) =>
      expect(runVerb(addCompareVerb, 'compare', ...names, '--dir', dir)).rejects.toMatchObject({
        exitCode,
        message: expect.stringMatching(message),
      });
    await refused(2, /takes two sweeps or more/, 'one');
    await refused(2, /one twice|both one and one/, 'one', 'one');
    await refused(2, /maximize val_accuracy, two to minimize loss/, 'one', 'two');
    await refused(2, /Did you mean one\?/, 'ome', 'two');
    await refused(2, /begins with gp\. There are: empty, two, one\./, 'gp*', 'two');
    await refused(1, /empty has no complete trial yet.*at least 1/, 'one', 'empty');
  });
});
