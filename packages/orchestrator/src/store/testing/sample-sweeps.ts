import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SweepConfig } from '../../config/sweep-config.ts';
import { openStore, type Store, type SweepRow, type SweepTransaction, type SweepWriter } from '../index.ts';

/** A folder that is gone when the test is over. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tfsweep-store-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function sampleConfig(overrides: Partial<SweepConfig> = {}): SweepConfig {
  return {
    name: 'digits',
    description: null,
    seed: 7,
    trainer: null,
    method: 'random',
    sampler: { type: 'random', options: {} },
    metric: { name: 'val_accuracy', goal: 'maximize', target: null, reduce: { type: 'last' } },
    otherMetrics: [],
    parameters: [
      {
        name: 'learning_rate',
        distribution: { kind: 'float', low: 1e-5, high: 0.1, log: true },
        when: [],
      },
      { name: 'units', distribution: { kind: 'int', low: 16, high: 256, log: false, step: 16 }, when: [] },
      {
        name: 'optimizer',
        distribution: { kind: 'categorical', choices: ['adam', 'sgd'], ordered: false },
        when: [],
      },
    ],
    fidelity: { unit: 'epochs', min: 1, max: 9 },
    earlyTerminate: null,
    reproducible: null,
    fixed: {},
    runCap: 20,
    budget: { wallclockMs: null, trialWallclockMs: null, maxFailed: null, gpuHours: null },
    resources: { maxConcurrent: null, trialsPerGpu: 1, gpusPerTrial: 'auto', priority: 1 },
    checkpoints: null,
    retry: { maxAttempts: 3, backoffMs: 0, on: [], never: [], elsewhere: [] },
    stopGraceMs: 5_000,
    warmStart: { points: [], sweeps: [], ifMissing: 'error' },
    ...overrides,
  };
}

export interface OpenSweep {
  readonly dir: string;
  readonly store: Store;
  readonly sweep: SweepRow;
  readonly writer: SweepWriter;
}

/** A new store in a folder of its own, with one claimed sweep. */
export async function openSweep(overrides: Partial<SweepConfig> = {}): Promise<OpenSweep> {
  const dir = tempDir();
  const store = openStore(dir, { create: true });
  onTestFinished(() => store.close());
  const sweep = await store.createSweep({
    config: sampleConfig(overrides),
    source: 'name: digits\n',
    configDir: '/x',
  });
  return { dir, store, sweep, writer: await store.claim(sweep.id) };
}

/** Adds the trial and binds its first attempt: it runs. */
export function startTrial(
  tx: SweepTransaction,
  number: number,
  params: Record<string, string | number> = { learning_rate: 0.01, units: 32, optimizer: 'adam' },
): void {
  tx.addTrial({ number, params, sampler: 'random' });
  bind(tx, number);
}

export function bind(tx: SweepTransaction, number: number, worker = 'host-a:1'): number {
  const attempt = tx.openAttempt(number);
  tx.bindAttempt(number, attempt, {
    runId: `run-${number}-${attempt}-abc`,
    workerId: `${worker}-x`,
    worker,
    slot: 0,
    backend: 'cpu',
    at: 1_000 * (number + 1),
  });
  return attempt;
}

export type EndState = 'complete' | 'pruned' | 'failed' | 'stopped';

/** A whole life: trial, attempt, one report per metric value, end. */
export function runTrial(
  tx: SweepTransaction,
  number: number,
  life: {
    metrics?: readonly number[];
    end?: EndState;
    params?: Record<string, string | number>;
    worker?: string;
  } = {},
): void {
  const { metrics = [0.5], end = 'complete', worker } = life;
  tx.addTrial({
    number,
    params: life.params ?? { learning_rate: 0.01, units: 32, optimizer: 'adam' },
    sampler: 'random',
  });
  const attempt = bind(tx, number, worker);
  const startedAt = 1_000 * (number + 1);
  for (const [index, metric] of metrics.entries()) {
    const report = {
      step: index + 1,
      values: { val_accuracy: metric, loss: 1 - metric },
      at: startedAt + index,
    };
    tx.addReport(number, attempt, { ...report, metric });
    tx.setLastSeq(number, attempt, index + 2);
  }
  tx.sawRun(number, attempt, { ranMs: 500, at: startedAt + 500 });
  tx.finishTrial(number, {
    state: end,
    value: end === 'complete' ? metrics.at(-1)! : null,
    reason: end === 'complete' ? undefined : `because it was ${end}`,
    error:
      end === 'failed'
        ? { kind: 'throw', message: 'no such column', stack: 'Error: no such column\n  at train' }
        : undefined,
    at: startedAt + 500,
  });
}
