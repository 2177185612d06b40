import { expect, it } from 'vitest';
import {
  MAX_ERROR_MESSAGE_CHARS,
  MAX_ERROR_PLACE_CHARS,
  MAX_ERROR_STACK_CHARS,
  MAX_REASON_CHARS,
  type Outcome,
  type RunEvent,
} from '../events.ts';
import { encodeEvents } from './outgoing.ts';

/** JSON needs six bytes for it, more than for any other character. */
const COSTLIEST = '\u0001';

function finished(outcome: Outcome): RunEvent {
  return {
    type: 'finished',
    outcome,
    sweep: crypto.randomUUID(),
    trial: 1,
    attempt: 1,
    runId: 'f'.repeat(64),
    seq: 1,
    at: Date.now(),
  };
}

it('has room for the longest failure and the longest reason that the protocol allows', () => {
  const error = {
    kind: 'throw' as const,
    message: COSTLIEST.repeat(MAX_ERROR_MESSAGE_CHARS),
    stack: COSTLIEST.repeat(MAX_ERROR_STACK_CHARS),
    at: COSTLIEST.repeat(MAX_ERROR_PLACE_CHARS),
  };
  const reason = COSTLIEST.repeat(MAX_REASON_CHARS);
  const texts = encodeEvents([
    finished({ kind: 'failed', error }),
    finished({ kind: 'returned', reason, refused: true }),
  ]);
  expect(texts).toHaveLength(2);
});

it('refuses an event that would not be read at the other end', () => {
  const values = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`metric_${i}`, i]));
  expect(() => encodeEvents([finished({ kind: 'complete', values })])).toThrow(
    /A finished event has \d+ bytes/,
  );
});
