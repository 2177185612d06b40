import { nearest } from '../config/nearest.ts';
import { TfsweepError } from '../errors.ts';
import type { Store, SweepRow } from '../store/index.ts';

/** The sweep of that name or id, the newest when none is named. @throws TfsweepError that names the nearest ones. */
export function findSweep(store: Store, name: string | undefined): SweepRow {
  const sweep = store.sweep(name);
  if (sweep !== null) return sweep;
  if (name === undefined) {
    throw new TfsweepError(
      'NO_SWEEPS',
      `There is no sweep in ${store.dir} yet. Start one with \`tfsweep launch CONFIG\`.`,
      {
        exitCode: 2,
      },
    );
  }
  const names = store.sweeps().map((row) => row.name);
  const close = nearest(name, names);
  const hint =
    close === null ? `There are: ${names.slice(0, 8).join(', ') || 'none'}.` : `Did you mean ${close}?`;
  throw new TfsweepError('UNKNOWN_SWEEP', `No sweep ${name} in ${store.dir}. ${hint}`, { exitCode: 2 });
}
