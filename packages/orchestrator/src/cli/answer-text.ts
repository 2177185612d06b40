import type { SweepRow } from '../store/index.ts';
import type { Answer } from './send-request.ts';

/** The outcome; where the request waits, that `what` comes later, and when. */
export function answerText(sweep: SweepRow, answer: Answer, what: string): string {
  if (answer.outcome !== null) return answer.outcome;
  return answer.waitsFor === 'turn'
    ? `${what} when its turn in the order comes`
    : `${what} once the sweep goes on: \`tfsweep resume ${sweep.name}\``;
}
