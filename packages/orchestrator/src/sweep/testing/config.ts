import type { SweepConfig } from '../../config/sweep-config.ts';

/** A total config of a small random search; a test overrides what it is about. */
export function testConfig(overrides: Partial<SweepConfig> = {}): SweepConfig {
  return {
    name: 'test',
    description: null,
    seed: 1,
    trainer: { kind: 'declarative', spec: { dataset: { name: 'mnist' }, model: { type: 'mlp' } } },
    method: 'random',
    sampler: { type: 'random', options: {} },
    metric: { name: 'loss', goal: 'minimize', target: null, reduce: { type: 'last' } },
    otherMetrics: [],
    parameters: [{ name: 'x', distribution: { kind: 'float', low: 0, high: 1, log: false }, when: [] }],
    fidelity: { unit: 'steps', min: 1, max: 9 },
    earlyTerminate: null,
    reproducible: null,
    fixed: {},
    runCap: 10,
    budget: { wallclockMs: null, trialWallclockMs: null, maxFailed: null, gpuHours: null },
    resources: { maxConcurrent: null, trialsPerGpu: 1, gpusPerTrial: 'auto', priority: 1 },
    checkpoints: null,
    retry: { maxAttempts: 3, backoffMs: 1_000, on: [], never: [], elsewhere: [] },
    stopGraceMs: 5_000,
    warmStart: { points: [], sweeps: [], ifMissing: 'error' },
    ...overrides,
  };
}
