import { TrainerLoadError } from '../trainers/errors.ts';
import { shuffled } from '../training/batch-order.ts';
import { seededRandom } from './seeded-random.ts';

/** Row numbers of the two parts; together they are all rows. */
export interface Split {
  readonly training: readonly number[];
  readonly validation: readonly number[];
}

export interface SplitRequest {
  /** Share of the rows, between 0 and 1, that validates. */
  readonly validation: number;
  readonly seed: number;
}

/** Each row as likely as any other. */
export function randomSplit(count: number, { validation, seed }: SplitRequest): Split {
  const order = Array.from(shuffled(count, seededRandom(seed)));
  const held = heldOut(count, validation);
  return { validation: order.slice(0, held), training: order.slice(held) };
}

/** Each class with about the share that it has in all rows. @throws TrainerLoadError for a class of one row */
export function stratifiedSplit(labels: ReadonlyArray<string | number>, request: SplitRequest): Split {
  const order = Array.from(shuffled(labels.length, seededRandom(request.seed)));
  const training: number[] = [];
  const validation: number[] = [];
  for (const [label, rows] of grouped(order, (row) => labels[row]!)) {
    if (rows.length < 2) {
      throw new TrainerLoadError(
        `A stratified split needs two rows of each class at least; of "${label}" there is one. Remove it, or use \`split: {type: random}\`.`,
      );
    }
    const held = heldOut(rows.length, request.validation);
    validation.push(...rows.slice(0, held));
    training.push(...rows.slice(held));
  }
  return { training, validation };
}

/**
 * All rows of a group on one side, for what must hold for groups that were never seen (patients, shops). Whole groups, in
 * random order, until the share is reached.
 * @throws TrainerLoadError for a single group
 */
export function groupSplit(groups: ReadonlyArray<string | number>, request: SplitRequest): Split {
  const rowsOf = grouped(groups.keys(), (row) => groups[row]!);
  if (rowsOf.size < 2) {
    throw new TrainerLoadError('A split by group needs two groups at least; there is one.');
  }
  const names = [...rowsOf.keys()];
  const order = Array.from(shuffled(names.length, seededRandom(request.seed)), (i) => names[i]!);
  const wanted = heldOut(groups.length, request.validation);
  const validation: number[] = [];
  // The last group trains in any case.
  while (validation.length < wanted && order.length > 1) validation.push(...rowsOf.get(order.pop()!)!);
  return { validation, training: order.flatMap((name) => rowsOf.get(name)!) };
}

/** The latest rows validate, for what has to hold in the future. Rows of the moment at the border all train. */
export function timeSplit(times: ReadonlyArray<string | number>, { validation }: SplitRequest): Split {
  const order = [...times.keys()].sort((a, b) => compare(times[a]!, times[b]!));
  const first = order.length - heldOut(order.length, validation);
  const border = times[order[first - 1]!]!;
  const isLater = (row: number): boolean => compare(times[row]!, border) > 0;
  const split = { training: order.filter((row) => !isLater(row)), validation: order.filter(isLater) };
  if (split.validation.length > 0) return split;
  throw new TrainerLoadError(
    `A split by time needs later rows to validate with; the last ${order.length - first + 1} rows are all of ${border}.`,
  );
}

/** At least one row on either side. */
function heldOut(count: number, share: number): number {
  return Math.min(count - 1, Math.max(1, Math.round(count * share)));
}

function grouped<K>(rows: Iterable<number>, keyOf: (row: number) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [row]);
    else members.push(row);
  }
  return groups;
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
