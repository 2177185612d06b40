import type { TrialRow } from '../store/types.ts';

export interface CommonFailure {
  /** First line of the error's message, else the reason. */
  readonly reason: string;
  readonly count: number;
  /** The first trial that failed so. */
  readonly number: number;
  /** The trainer's own line, where one was found. */
  readonly at: string | null;
}

/** What most failed trials failed of; of equally frequent ones, what came first. null where none failed. */
export function commonestFailure(trials: readonly TrialRow[]): CommonFailure | null {
  const byReason = new Map<string, TrialRow[]>();
  for (const trial of trials) {
    if (trial.state !== 'failed') continue;
    const reason = failureReason(trial);
    const alike = byReason.get(reason);
    if (alike === undefined) byReason.set(reason, [trial]);
    else alike.push(trial);
  }
  const failures = [...byReason].map(([reason, alike]) => {
    const first = alike.reduce((a, b) => (b.number < a.number ? b : a));
    return { reason, count: alike.length, number: first.number, at: first.error?.at ?? null };
  });
  failures.sort((a, b) => b.count - a.count || a.number - b.number);
  return failures[0] ?? null;
}

function failureReason(trial: TrialRow): string {
  const text = trial.error?.message ?? trial.reason ?? 'no reason was kept';
  return text.trim().split('\n', 1)[0]!;
}
