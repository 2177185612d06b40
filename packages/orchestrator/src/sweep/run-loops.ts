import { SweepLoop } from './loop.ts';
import type { LoopEnd, LoopOptions } from './loop-options.ts';

/**
 * Runs a sweep's loop to its end; whenever the settings were changed while it ran, another loop goes on from what is in
 * SQLite and what the last one hands on, under the same lease, with the same queue and workers.
 *
 * @throws LeaseHeldError, LeaseLostError, StoreError; after any of them the sweep can be resumed.
 */
export async function runLoops(options: LoopOptions): Promise<LoopEnd> {
  const { store } = options;
  let loop = new SweepLoop(options);
  const writer = await store.claim(options.sweep.id);
  try {
    for (;;) {
      const end = await loop.run(writer);
      if (end.kind !== 'reconfigured') return end;
      const sweep = store.sweep(options.sweep.id)!;
      loop = new SweepLoop({ ...options, sweep, heritage: end.heritage });
    }
  } finally {
    await writer.release();
  }
}
