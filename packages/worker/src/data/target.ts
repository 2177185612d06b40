import { TrainerLoadError } from '../trainers/errors.ts';
import { type Column, standardise } from './columns.ts';
import type { Task } from './prepared-data.ts';
import type { Table } from './table.ts';

/** Whole numbers with at most this many different values are class labels. */
const MAX_NUMERIC_CLASSES = 10;

export interface Target {
  readonly task: Task;
  /** Width of one row of `values`. */
  readonly outputs: number;
  /** Rows one after the other: one-hot, 0 or 1, or a standardised number. */
  readonly values: Float32Array;
  readonly classNames: readonly string[];
  /** Deviation that a regression's target was divided by; 1 otherwise. */
  readonly scale: number;
  /** Mean that was taken off it; 0 otherwise. */
  readonly mean: number;
}

/**
 * Encodes the column to predict. Where no task is given: two different values make it binary; texts, and whole numbers
 * with at most ten different values, multiclass; any other numbers regression.
 * @throws TrainerLoadError for a missing value, a target of one value, or a task that does not fit
 */
export function encodeTarget(
  table: Table,
  column: Column,
  given: Task | undefined,
  training: readonly number[],
): Target {
  const missing =
    column.kind === 'text' ? column.values.indexOf(null) : column.values.findIndex(Number.isNaN);
  if (missing >= 0) {
    throw new TrainerLoadError(
      `${table.name}, line ${table.rows[missing]!.line}, column "${column.name}": the target is missing. Remove the row or fill it in.`,
    );
  }
  const classes = [...new Set<string | number>(column.values as Iterable<string | number>)];
  // Sorted, so that the same file gives the same classes in whatever order its rows are.
  if (column.kind === 'numeric') (classes as number[]).sort((a, b) => a - b);
  else classes.sort();
  const place = `${table.name}, column "${column.name}"`;
  if (classes.length < 2)
    throw new TrainerLoadError(`${place}: the target is always ${classes[0]}; there is nothing to learn.`);
  const task = given ?? inferTask(column, classes);
  const classNames = task === 'regression' ? [] : classes.map(String);
  switch (task) {
    case 'regression': {
      if (column.kind === 'text') {
        throw new TrainerLoadError(
          `${place}: a regression needs numbers, but it has texts such as "${classes[0]}".`,
        );
      }
      const { values, mean, deviation } = standardise(column.values, training);
      return { task, outputs: 1, values: Float32Array.from(values), scale: deviation, mean, classNames };
    }
    case 'binary': {
      if (classes.length > 2) {
        throw new TrainerLoadError(
          `${place}: a binary target has two values, this one has ${classes.length}. Is it multiclass?`,
        );
      }
      return {
        task,
        outputs: 1,
        values: Float32Array.from(column.values as ArrayLike<string | number>, (v) => classes.indexOf(v)),
        scale: 1,
        mean: 0,
        classNames,
      };
    }
    case 'multiclass': {
      const index = new Map(classes.map((value, i) => [value, i]));
      const values = new Float32Array(column.values.length * classes.length);
      column.values.forEach((value, row) => {
        values[row * classes.length + index.get(value as string | number)!] = 1;
      });
      return { task, outputs: classes.length, values, scale: 1, mean: 0, classNames };
    }
  }
}

function inferTask(column: Column, classes: ReadonlyArray<string | number>): Task {
  if (classes.length === 2) return 'binary';
  if (column.kind === 'text') return 'multiclass';
  return classes.length <= MAX_NUMERIC_CLASSES && classes.every(Number.isInteger)
    ? 'multiclass'
    : 'regression';
}
