import { expect, it } from 'vitest';
import { WorkerHealth } from './worker-health.ts';

it('finds the worker on which different trials fail in a row while others succeed', () => {
  const health = new WorkerHealth();
  expect(health.fault('bad', 1, 'crash')).toBeNull();
  health.good('fine');
  expect(health.fault('bad', 2, 'crash')).toBeNull();
  expect(health.fault('bad', 3, 'ended by SIGSEGV')).toBe(
    '3 trials in a row failed on it while others succeeded elsewhere: ended by SIGSEGV',
  );
});

it('blames no worker for one trial that fails wherever it runs', () => {
  const health = new WorkerHealth();
  health.fault('a', 7, 'crash');
  health.good('b');
  for (let again = 0; again < 5; again++) expect(health.fault('a', 7, 'crash')).toBeNull();
});

it('blames nobody while everybody fails, and nobody for faults with a success between them', () => {
  const health = new WorkerHealth();
  for (let trial = 0; trial < 6; trial++) {
    expect(health.fault('a', trial, 'crash')).toBeNull();
    expect(health.fault('b', trial, 'crash')).toBeNull();
  }
  const mixed = new WorkerHealth();
  for (let trial = 0; trial < 12; trial++) {
    if (trial % 3 === 2) mixed.good('a');
    else expect(mixed.fault('a', trial, 'crash')).toBeNull();
    mixed.good('b');
  }
});

it('does not take what others achieved before the first fault for a sign', () => {
  const health = new WorkerHealth();
  health.good('b');
  for (let trial = 0; trial < 5; trial++) expect(health.fault('a', trial, 'crash')).toBeNull();
});

it('starts to count anew once a worker is released', () => {
  const health = new WorkerHealth();
  health.fault('a', 1, 'crash');
  health.good('b');
  health.fault('a', 2, 'crash');
  health.reset('a');
  health.good('b');
  expect(health.fault('a', 3, 'crash')).toBeNull();
});
