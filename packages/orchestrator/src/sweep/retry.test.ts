import { expect, it } from 'vitest';
import { isWorkersFault, retryDelayMs } from './retry.ts';

const retry = {
  maxAttempts: 3,
  backoffMs: 1_000,
  on: ['device unavailable'],
  never: ['out of memory'],
  elsewhere: ['GPU is lost'],
};

it('tries a crash again after a doubling pause, until the attempts are used up', () => {
  const crash = { kind: 'crash', message: 'ended by SIGSEGV' } as const;
  expect([1, 2, 3].map((failures) => retryDelayMs(retry, crash, failures))).toEqual([1_000, 2_000, null]);
});

it('does not repeat an exception unless the sweep file names it', () => {
  expect(retryDelayMs(retry, { kind: 'throw', message: 'no such layer' }, 1)).toBeNull();
  expect(retryDelayMs(retry, { kind: 'throw', message: 'the device unavailable now' }, 1)).toBe(1_000);
});

it('never waits longer than ten minutes', () => {
  const patient = { ...retry, maxAttempts: 100, backoffMs: 60_000 };
  expect(retryDelayMs(patient, { kind: 'crash', message: '' }, 50)).toBe(600_000);
});

it('reads `retry.on` as regular expressions', () => {
  const on = ['^CUDA error \\d+', 'lost (its )?device'];
  const delay = (message: string) => retryDelayMs({ ...retry, on }, { kind: 'throw', message }, 1);
  expect(delay('CUDA error 700: illegal address')).toBe(1_000);
  expect(delay('the card lost its device')).toBe(1_000);
  expect(delay('no CUDA error 700')).toBeNull();
});

it('never repeats what `retry.never` names, not even a crash, and sees the worker at fault where `elsewhere` says so', () => {
  const crash = (message: string) => ({ kind: 'crash', message }) as const;
  expect(retryDelayMs(retry, crash('killed: out of memory'), 1)).toBeNull();
  expect(retryDelayMs(retry, { kind: 'throw', message: 'GPU is lost' }, 1)).toBe(1_000);
  expect(isWorkersFault(retry, crash('GPU is lost'))).toBe(true);
  expect(isWorkersFault(retry, crash('GPU is lost, out of memory'))).toBe(false);
  expect(isWorkersFault(retry, crash('anything else'))).toBe(false);
});
