import type { TrialRow } from '../../store/types.ts';

export function trialRow(number: number, fields: Partial<TrialRow> = {}): TrialRow {
  return {
    sweep: 's',
    number,
    state: 'complete',
    params: {},
    sampler: 'random',
    value: null,
    lastValue: null,
    values: null,
    violation: fields.state === undefined || fields.state === 'complete' ? 0 : null,
    step: 0,
    metrics: {},
    reason: null,
    error: null,
    attempts: 1,
    failures: 0,
    worker: 'w',
    backend: 'cpu',
    retryOf: null,
    createdAt: 0,
    startedAt: number,
    finishedAt: number + 1,
    durationSeconds: 2,
    ...fields,
  };
}

/** Complete trials with these values, one second each, one after another. */
export function completeTrials(values: readonly number[]): TrialRow[] {
  return values.map((value, number) =>
    trialRow(number, { value, step: 1, startedAt: 1_000 * number, finishedAt: 1_000 * (number + 1) }),
  );
}
