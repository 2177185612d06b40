import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openStore,
  type Store,
  type SweepRow,
  type SweepTransaction,
  type SweepWriter,
} from '@tfsweep/orchestrator/store';
import { onTestFinished } from 'vitest';

type SweepConfig = SweepRow['config'];
type Params = Record<string, string | number | boolean>;

/** Epochs of each trial: validation accuracy, from 1. */
export interface Life {
  readonly params?: Params;
  readonly accuracies?: readonly number[];
  readonly at?: number;
}

const PARAMS: Params = { learning_rate: 0.001, units: 64, optimizer: 'adam' };
const STARTED_AT = Date.UTC(2026, 0, 15, 12);

/** A folder that is gone when the test is over. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tfsweep-dashboard-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A sweep in a real store, written as the sweep's loop writes it. */
export class SampleSweep {
  readonly id: string;
  readonly name: string;
  readonly #writer: SweepWriter;

  constructor(row: SweepRow, writer: SweepWriter) {
    this.id = row.id;
    this.name = row.name;
    this.#writer = writer;
  }

  static async create(dir: string, overrides: Partial<SweepConfig> = {}): Promise<SampleSweep> {
    const store: Store = openStore(dir, { create: true });
    onTestFinished(() => store.close());
    const row = await store.createSweep({
      config: config(overrides),
      source: 'name: digits\n',
      configDir: dir,
    });
    return new SampleSweep(row, await store.claim(row.id));
  }

  write(work: (tx: SweepTransaction) => void): Promise<void> {
    return this.#writer.transaction(work);
  }

  /** A trial that runs and has reported. */
  start(number: number, life: Life = {}): Promise<void> {
    return this.write((tx) => start(tx, number, life));
  }

  complete(number: number, accuracy: number, life: Life = {}): Promise<void> {
    return this.write((tx) => {
      const at = start(tx, number, { accuracies: [accuracy / 2, accuracy], ...life });
      tx.finishTrial(number, { state: 'complete', value: accuracy, at });
    });
  }

  prune(number: number, life: Life): Promise<void> {
    return this.write((tx) => {
      const at = start(tx, number, life);
      tx.finishTrial(number, { state: 'pruned', value: null, reason: 'below the median of step 3', at });
    });
  }

  fail(number: number, message: string, life: Life = {}): Promise<void> {
    return this.write((tx) => {
      const at = start(tx, number, { accuracies: [], ...life });
      const error = {
        kind: 'throw',
        message,
        stack: `Error: ${message}\n    at train (train.ts:12:7)`,
      } as const;
      tx.finishTrial(number, {
        state: 'failed',
        value: null,
        reason: message,
        error: { ...error, at: 'train.ts:12:7' },
        at,
      });
    });
  }
}

/** @returns when the last report came. */
function start(tx: SweepTransaction, number: number, life: Life): number {
  const { params = PARAMS, accuracies = [0.5] } = life;
  const from = life.at ?? STARTED_AT + number * 20_000;
  tx.addTrial({ number, params, sampler: 'random' });
  const attempt = tx.openAttempt(number);
  const run = {
    runId: `run-${number}-sample`,
    workerId: 'host-1-x',
    worker: `host-${number % 2}:1`,
    slot: 0,
  };
  tx.bindAttempt(number, attempt, { ...run, backend: 'cpu', at: from });
  for (const [index, accuracy] of accuracies.entries()) {
    const values = {
      val_accuracy: accuracy,
      accuracy: Math.min(1, accuracy + 0.01),
      val_loss: 1.2 - accuracy,
      loss: 1.1 - accuracy,
    };
    tx.addReport(number, attempt, { step: index + 1, values, at: from + index * 2_000, metric: accuracy });
    tx.setLastSeq(number, attempt, index + 2);
  }
  const ranMs = 2_500 * Math.max(1, accuracies.length);
  tx.sawRun(number, attempt, { ranMs, at: from + ranMs });
  return from + ranMs;
}

function config(overrides: Partial<SweepConfig>): SweepConfig {
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
      { name: 'learning_rate', distribution: { kind: 'float', low: 1e-5, high: 0.1, log: true }, when: [] },
      { name: 'units', distribution: { kind: 'int', low: 16, high: 256, log: false, step: 16 }, when: [] },
      {
        name: 'optimizer',
        distribution: { kind: 'categorical', choices: ['adam', 'sgd'], ordered: false },
        when: [],
      },
    ],
    fidelity: { unit: 'epochs', min: 1, max: 9 },
    earlyTerminate: { type: 'median', startupTrials: 5, warmupSteps: 1 },
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
