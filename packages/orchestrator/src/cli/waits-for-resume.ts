import type { SweepRow } from '../store/index.ts';

/** Nobody runs the sweep: what was asked for is done by whoever goes on with it. */
export function waitsForResume(sweep: SweepRow, what: string): string {
  return `${what} once the sweep goes on: \`tfsweep resume ${sweep.name}\``;
}
