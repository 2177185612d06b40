import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { artifactsDir } from '../../artifact-paths.ts';
import type { SweepConfig } from '../../config/sweep-config.ts';
import { createMemoryBroker, type MemoryBroker } from '../../queue/index.ts';
import type { SamplerPlugin } from '../../samplers/plugin.ts';
import { openStore, type Store, type SweepRow } from '../../store/index.ts';
import type { LoopEnd } from '../loop-options.ts';
import { runLoops } from '../run-loops.ts';
import { testConfig } from './config.ts';
import { type ScriptedRun, ScriptedWorker } from './scripted-worker.ts';

export const DONE = { kind: 'complete', values: {} } as const;

export interface RunningSweep {
  readonly store: Store;
  readonly sweep: SweepRow;
  readonly broker: MemoryBroker;
  readonly workers: readonly ScriptedWorker[];
  /** The first of them. */
  readonly worker: ScriptedWorker;
  readonly ended: Promise<LoopEnd>;
  readonly interrupt: AbortController;
  readonly notices: string[];
  states(): string[];
}

/** A store of its own with one sweep, for `runSweep`. */
export async function storedSweep(
  overrides: Partial<SweepConfig>,
): Promise<{ store: Store; sweep: SweepRow; dir: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'tfsweep-loop-'));
  const store = openStore(dir, { create: true });
  onTestFinished(() => {
    store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const sweep = await store.createSweep({ config: testConfig(overrides), source: '', configDir: dir });
  return { store, sweep, dir };
}

/** A real loop over the queue in the process, with scripted workers of one slot each. */
export async function runSweep(
  store: Store,
  sweep: SweepRow,
  workers = 1,
  samplerPlugin: SamplerPlugin | null = null,
  broker: MemoryBroker = createMemoryBroker(),
  leaseMs = 400,
): Promise<RunningSweep> {
  const artifacts = artifactsDir(store.dir);
  const hands = Array.from(
    { length: workers },
    (_, i) => new ScriptedWorker(broker.link(), artifacts, `scripted-${i}`),
  );
  const interrupt = new AbortController();
  const notices: string[] = [];
  await storeConfig(store, sweep);
  const ended = runLoops({
    store,
    sweep: sweep.id,
    queue: broker.queue(sweep.id),
    secret: 'secret',
    samplerPlugin,
    expectedSlots: workers,
    localOnly: true,
    handsBack: true,
    signal: interrupt.signal,
    leases: { sameHostMs: leaseMs, otherHostMs: leaseMs },
    onSnapshot: () => undefined,
    onNotice: (line) => notices.push(line),
  });
  onTestFinished(async () => {
    interrupt.abort();
    for (const worker of hands) await worker.close();
  });
  ended.catch(() => undefined);
  for (const worker of hands) await worker.open();
  return {
    store,
    sweep,
    broker,
    workers: hands,
    worker: hands[0]!,
    ended,
    interrupt,
    notices,
    states: () => store.trials(sweep.id).map((trial) => trial.state),
  };
}

/** A test may change more than a resume can. */
async function storeConfig(store: Store, { id, config }: SweepRow): Promise<void> {
  if (JSON.stringify(store.sweep(id)?.config) === JSON.stringify(config)) return;
  const writer = await store.claim(id);
  await writer.transaction((tx) => tx.setConfig(config));
  await writer.release();
}

export async function sweepWith(overrides: Partial<SweepConfig>): Promise<RunningSweep> {
  const { store, sweep } = await storedSweep(overrides);
  return await runSweep(store, sweep);
}

export async function train(run: ScriptedRun, losses: readonly number[]): Promise<void> {
  await run.started();
  for (const [index, loss] of losses.entries()) await run.report(index + 1, { loss });
  await run.finish(DONE);
}
