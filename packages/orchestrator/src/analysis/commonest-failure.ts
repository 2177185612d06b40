import { failureSignature } from '../failure-signature.ts';
import type { TrialRow } from '../store/types.ts';

export interface CommonFailure {
  /** First line of the first such error's message, else the reason. Numbers in it may differ from trial to trial. */
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
    const signature = failureSignature(failureReason(trial));
    const alike = byReason.get(signature);
    if (alike === undefined) byReason.set(signature, [trial]);
    else alike.push(trial);
  }
  const failures = [...byReason.values()].map((alike) => {
    const first = alike.reduce((a, b) => (b.number < a.number ? b : a));
    return {
      reason: failureReason(first),
      count: alike.length,
      number: first.number,
      at: first.error?.at ?? null,
    };
  });
  failures.sort((a, b) => b.count - a.count || a.number - b.number);
  return failures[0] ?? null;
}

function failureReason(trial: TrialRow): string {
  const text = trial.error?.message ?? trial.reason ?? 'no reason was kept';
  return text.trim().split('\n', 1)[0]!;
}
