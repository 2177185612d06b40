import { resumeOverrides } from '../config/index.ts';
import type { Store, SweepRow } from '../store/types.ts';
import { SweepLoop } from './loop.ts';
import type { LoopEnd, LoopOptions } from './loop-options.ts';

export interface RunOptions extends Omit<LoopOptions, 'sweep' | 'heritage'> {
  /** Id of the sweep. */
  readonly sweep: string;
  /** What is changed before it goes on, as `resume --set` reads it. @default nothing */
  readonly set?: readonly string[];
}

/**
 * Runs a sweep's loop to its end; whenever the settings were changed while it ran, another loop goes on from what is in
 * SQLite and what the last one hands on, under the same lease, with the same queue and workers.
 *
 * @throws LeaseHeldError, LeaseLostError, StoreError; after any of them the sweep can be resumed. ConfigError where its
 *   settings can't be changed like that.
 */
export async function runLoops({ set = [], ...options }: RunOptions): Promise<LoopEnd> {
  const { store } = options;
  const writer = await store.claim(options.sweep);
  try {
    // Only now: until the lease is ours, another orchestrator may write.
    const row = rowOf(store, options.sweep);
    let loop = new SweepLoop({ ...options, sweep: { ...row, config: resumeOverrides(row.config, set) } });
    for (;;) {
      const end = await loop.run(writer);
      if (end.kind !== 'reconfigured') return end;
      loop = new SweepLoop({ ...options, sweep: rowOf(store, options.sweep), heritage: end.heritage });
    }
  } finally {
    await writer.release();
  }
}

/** While its lease is held nobody deletes it. */
function rowOf(store: Store, sweep: string): SweepRow {
  return store.sweep(sweep)!;
}
