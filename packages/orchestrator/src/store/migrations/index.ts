import { initial } from './001-initial.ts';
import { severalMetrics } from './002-several-metrics.ts';
import { chosenTrials } from './003-chosen-trials.ts';
import { deletedSweeps } from './004-deleted-sweeps.ts';
import { gpuTime } from './005-gpu-time.ts';
import { runTime } from './006-run-time.ts';
import { workers } from './007-workers.ts';
import { sweepKeys } from './008-sweep-keys.ts';

/** Step n brings a database from version n to n + 1. What was released is never edited: append. */
export const migrations: readonly string[] = [
  initial,
  severalMetrics,
  chosenTrials,
  deletedSweeps,
  gpuTime,
  runTime,
  workers,
  sweepKeys,
];
