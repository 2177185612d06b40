import type { SweepConfig } from '../config/index.ts';
import { TfsweepError } from '../errors.ts';
import { type EarlierSweep, openStore, type Store, StoreError } from '../store/index.ts';
import { transferFrom } from '../sweep/transfer.ts';
import { note } from './context.ts';
import { findSweep } from './find-sweep.ts';

/**
 * What the sweeps that `warm_start.sweeps` names have come to by now; remarks go to standard error.
 * @throws TfsweepError for one that is not in the store of `dir`, naming the nearest, unless such are to be skipped.
 */
export function earlierSweeps(dir: string, config: SweepConfig): EarlierSweep[] {
  const { sweeps, ifMissing } = config.warmStart;
  if (sweeps.length === 0) return [];
  const store = openIfThere(dir);
  try {
    return sweeps.flatMap((name) => {
      if (ifMissing === 'skip' && (store?.sweep(name) ?? null) === null) {
        note(`warm_start.sweeps: there is no sweep ${name} in ${dir}; the search starts without it.`);
        return [];
      }
      if (store === null) throw nothingThere(dir, name);
      const sweep = findSweep(store, name);
      const complete = store.trials(sweep.id, { states: ['complete'] });
      const { notes, ...earlier } = transferFrom(config, sweep, complete);
      for (const line of notes) note(line);
      return earlier;
    });
  } finally {
    store?.close();
  }
}

function openIfThere(dir: string): Store | null {
  try {
    return openStore(dir, { readonly: true });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'STORE_EMPTY') return null;
    throw error;
  }
}

function nothingThere(dir: string, wanted: string): TfsweepError {
  return new TfsweepError(
    'UNKNOWN_SWEEP',
    `warm_start.sweeps names ${wanted}, and there are no sweeps in ${dir} yet. Launch that sweep first, or pass --dir.`,
    { exitCode: 2 },
  );
}
