import type { SweepConfig } from '../config/index.ts';
import { TfsweepError } from '../errors.ts';
import { type EarlierSweep, openStore, type Store, StoreError } from '../store/index.ts';
import { transferFrom } from '../sweep/transfer.ts';
import { note } from './context.ts';
import { findSweep } from './find-sweep.ts';

/**
 * What the sweeps that `warm_start.sweeps` names have come to by now; remarks go to standard error.
 * @throws TfsweepError for one that is not in the store of `dir`, naming the nearest.
 */
export function earlierSweeps(dir: string, config: SweepConfig): EarlierSweep[] {
  const { sweeps } = config.warmStart;
  if (sweeps.length === 0) return [];
  const store = openExisting(dir, sweeps[0]!);
  try {
    return sweeps.map((name) => {
      const sweep = findSweep(store, name);
      const { notes, ...earlier } = transferFrom(
        config,
        sweep,
        store.trials(sweep.id, { states: ['complete'] }),
      );
      for (const line of notes) note(line);
      return earlier;
    });
  } finally {
    store.close();
  }
}

function openExisting(dir: string, wanted: string): Store {
  try {
    return openStore(dir, { readonly: true });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_EMPTY') throw error;
    throw new TfsweepError(
      'UNKNOWN_SWEEP',
      `warm_start.sweeps names ${wanted}, and there are no sweeps in ${dir} yet. Launch that sweep first, or pass --dir.`,
      { exitCode: 2, cause: error },
    );
  }
}
