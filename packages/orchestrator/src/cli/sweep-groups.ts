import { TfsweepError } from '../errors.ts';
import type { Store, SweepRow } from '../store/index.ts';
import { findSweep } from './find-sweep.ts';

export interface NamedGroup {
  /** As it was spelled. */
  readonly label: string;
  readonly sweeps: readonly SweepRow[];
}

/**
 * What the arguments of `compare` name, each a group: a sweep, a beginning of names with `*`, or several of both with
 * commas between them.
 * @throws TfsweepError where a name is unknown, or a sweep would be compared with itself.
 */
export function sweepGroups(store: Store, names: readonly string[]): NamedGroup[] {
  const all = store.sweeps();
  const groups = names.map((label) => ({
    label,
    sweeps: unique(label.split(',').flatMap((name) => named(store, all, name.trim()))),
  }));
  const seen = new Map<string, string>();
  for (const { label, sweeps } of groups) {
    for (const { id, name } of sweeps) {
      const other = seen.get(id);
      if (other !== undefined) {
        throw new TfsweepError(
          'SAME_SWEEP',
          `Sweep ${name} is in ${other === label ? `${label} twice` : `both ${other} and ${label}`}: nothing can be compared with itself.`,
          { exitCode: 2 },
        );
      }
      seen.set(id, label);
    }
  }
  if (groups.length < 2) {
    throw new TfsweepError(
      'USAGE',
      "compare takes two sweeps or more, or groups of them: `tfsweep compare 'tpe*' 'random*'`.",
      { exitCode: 2 },
    );
  }
  return groups;
}

function named(store: Store, all: readonly SweepRow[], name: string): SweepRow[] {
  if (!name.endsWith('*')) return [findSweep(store, name)];
  const beginning = name.slice(0, -1);
  // Oldest first, as they were launched.
  const found = all.filter((sweep) => sweep.name.startsWith(beginning)).reverse();
  if (found.length > 0) return found;
  throw new TfsweepError(
    'UNKNOWN_SWEEP',
    `No sweep of ${store.dir} has a name that begins with ${beginning}. There are: ${
      all
        .map((sweep) => sweep.name)
        .slice(0, 8)
        .join(', ') || 'none'
    }.`,
    { exitCode: 2 },
  );
}

function unique(sweeps: readonly SweepRow[]): SweepRow[] {
  return [...new Map(sweeps.map((sweep) => [sweep.id, sweep])).values()];
}
