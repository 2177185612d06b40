import { parseConfig, type SchedulerConfig } from '@tfsweep/orchestrator/config';
import { describe, expect, it } from 'vitest';

function read(early: string, fidelity = '{unit: steps, min: 2, max: 27}'): SchedulerConfig | null {
  const text = `trainer: {module: ./train.ts}\nmethod: random\nrun_cap: 9\nmetrics: [{name: loss}, {name: val_accuracy, goal: maximize}]
parameters: {x: {min: 0.0, max: 1.0}}\nfidelity: ${fidelity}\nearly_terminate: ${early}\n`;
  const { config, warnings } = parseConfig(text, 'sweep.yaml');
  expect(warnings).toEqual([]);
  return config.earlyTerminate;
}

describe('early_terminate', () => {
  it.each<[string, SchedulerConfig]>([
    ['{type: asha}', { type: 'asha', minIter: 2, maxIter: 27, eta: 3 }],
    [
      '{type: hyperband, brackets: true, min_iter: 1, eta: 4}',
      { type: 'hyperband', minIter: 1, maxIter: 27, eta: 4, s: null, strict: false, brackets: true },
    ],
    [
      '{type: hyperband, brackets: false}',
      { type: 'hyperband', minIter: 2, maxIter: 27, eta: 3, s: null, strict: false },
    ],
    ['{type: median}', { type: 'median', startupTrials: 5, warmupSteps: 2 }],
    [
      '{type: percentile, percentile: 25}',
      {
        type: 'percentile',
        percentile: 25,
        startupTrials: 5,
        warmupSteps: 2,
        intervalSteps: 1,
        minTrials: 1,
      },
    ],
    [
      '{type: threshold, upper: 4.5, warmup_steps: 0, interval_steps: 3}',
      { type: 'threshold', lower: null, upper: 4.5, warmupSteps: 0, intervalSteps: 3 },
    ],
    ['{type: wilcoxon}', { type: 'wilcoxon', pThreshold: 0.1, startupSteps: 2 }],
    ['{type: patience, patience: 4}', { type: 'patience', patience: 4, minDelta: 0, wraps: null }],
    [
      '{type: patience, patience: 4, min_delta: 0.01, wraps: {type: asha, eta: 2}}',
      {
        type: 'patience',
        patience: 4,
        minDelta: 0.01,
        wraps: { type: 'asha', minIter: 2, maxIter: 27, eta: 2 },
      },
    ],
    [
      '{type: asha, mode: promotion}\ncheckpoints: {every: 2}',
      { type: 'asha', minIter: 2, maxIter: 27, eta: 3, mode: 'promotion' },
    ],
    ['{type: asha, mode: stopping}', { type: 'asha', minIter: 2, maxIter: 27, eta: 3 }],
    ['{type: median, metric: loss}', { type: 'median', startupTrials: 5, warmupSteps: 2 }],
    [
      '{type: median, metric: val_acc}',
      { type: 'median', startupTrials: 5, warmupSteps: 2, metric: 'val_accuracy' },
    ],
  ])('%s is filled in from the fidelity and the defaults', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

describe('terminate', () => {
  it.each([
    ['{stagnation: 12}', { stagnation: 12, regret: null }],
    ['{regret: {}}', { stagnation: null, regret: { minTrials: 20, noise: null } }],
    [
      '{stagnation: 9, regret: {min_trials: 30, noise: 0.5}}',
      { stagnation: 9, regret: { minTrials: 30, noise: 0.5 } },
    ],
  ])('%s is filled in with the defaults', (terminate, expected) => {
    const { config } = parseConfig(
      `trainer: {module: ./train.ts}\nmetric: {name: loss}\nrun_cap: 9\nparameters: {x: {min: 0.0, max: 1.0}}\nterminate: ${terminate}\n`,
      'sweep.yaml',
    );
    expect(config.terminate).toEqual(expected);
  });
});
