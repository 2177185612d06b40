import type { SweepRow } from '../store/index.ts';
import type { Obstacle } from '../sweep/obstacles.ts';

/**
 * What to type so that a sweep that has ended searches on; null where nothing that may change makes it.
 * @param given what was set besides, and is not in the store
 */
export function searchOnCommand(
  sweep: SweepRow,
  obstacles: readonly Obstacle[],
  given: readonly string[] = [],
): string | null {
  const needed = obstacles.flatMap(({ set }) => set ?? []);
  if (needed.length < obstacles.length) return null;
  const sets = [...given, ...needed].map((set) => ` --set ${quoted(set)}`).join('');
  return `npx --no-install tfsweep resume ${sweep.name}${sets}`;
}

/** As a shell reads it back. */
function quoted(text: string): string {
  return /^[\w.=:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Why `resume` has nothing to do, and what would give it something. */
export function obstaclesText(
  sweep: SweepRow,
  obstacles: readonly Obstacle[],
  given: readonly string[],
): string {
  const final = obstacles.filter(({ set }) => set === null);
  const lines = [`${sweep.name} is ${sweep.state}, and nothing is left to do:`];
  for (const { reason } of final.length > 0 ? final : obstacles) lines.push(`  ${reason}`);
  const command = searchOnCommand(sweep, obstacles, given);
  lines.push(
    command === null
      ? `To search on, launch a new sweep with \`warm_start: {sweeps: [${sweep.name}]}\`: it takes over what is known.`
      : `To search on:  ${command}`,
  );
  return lines.join('\n');
}
