import type { TrialError } from '../protocol/events.ts';

/** @param step null: it was returned, not reported. */
export function nanError(metric: string, step: number | null): TrialError {
  const where = step === null ? 'was returned' : `was reported at step ${step}`;
  return {
    kind: 'nan',
    message: `${metric} ${where} as NaN. A lower learning rate or clipped gradients usually help.`,
  };
}

/** @param known what the trainer did report. */
export function noMetricError(metrics: readonly string[], known: readonly string[]): TrialError {
  const seen =
    known.length === 0 ? 'Nothing was reported.' : `Reported were: ${known.toSorted().join(', ')}.`;
  return {
    kind: 'no_metric',
    message: `The trainer ended without ever reporting ${metrics.join(', ')}. ${seen}`,
  };
}

/** @param step where the trial is to be compared with others. */
export function noReportError(step: number): TrialError {
  return {
    kind: 'no_metric',
    message: `The trainer ended without a report, so that its trial can't be compared at step ${step}. Call report(step, values).`,
  };
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
