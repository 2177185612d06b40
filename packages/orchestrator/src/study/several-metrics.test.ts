import { expect, it } from 'vitest';
import type { ObservedTrial } from '../samplers/sampler.ts';
import { createRng } from './rng.ts';
import { StudyError } from './study-error.ts';
import { StudyMetrics } from './study-metrics.ts';
import { studyWith } from './testing/spaces.ts';
import { TrialRecord } from './trial-record.ts';
import type { StudyOptions } from './types.ts';

const last = { type: 'last' } as const;
const accuracy = { name: 'accuracy', goal: 'maximize', reduce: last } as const;
const size = { name: 'size', goal: 'minimize', reduce: last } as const;
const latency = { name: 'latency', min: null, max: 10, reduce: last } as const;

function complete(options: Partial<StudyOptions>, outcomes: ReadonlyArray<Record<string, number>>) {
  const study = studyWith(options);
  for (const values of outcomes) {
    const { number } = study.ask()!;
    study.tell(number, { state: 'complete', values });
  }
  return study;
}

/** As samplers see it: a record that is told the values. */
function observed(metrics: StudyMetrics, values: Record<string, number>): ObservedTrial {
  const trial = new TrialRecord(0, { x: 0.5 }, metrics);
  trial.complete(metrics.read(0, values));
  return trial.observe();
}

it('shows samplers one loss per objective, lower is better, and one violation per constraint', () => {
  const metrics = new StudyMetrics({
    metric: accuracy,
    otherMetrics: [{ name: 'width', min: 2, max: 4, reduce: last }, size, latency],
  });
  expect([metrics.objectives, metrics.constraints]).toEqual([2, 2]);
  expect(observed(metrics, { accuracy: 0.9, width: 5, size: 100, latency: 7 })).toMatchObject({
    loss: -0.9,
    losses: [-0.9, 100],
    violations: [1, -3],
  });
  expect(observed(metrics, { accuracy: 0.9, width: 1.5, size: 100, latency: 10 }).violations).toEqual([
    0.5, 0,
  ]);
  expect(observed(metrics, { accuracy: 0.9, width: 3, size: 100, latency: 12 }).violations).toEqual([-1, 2]);
});

it('reduces each metric by its own rule where the trainer returned none', () => {
  const study = studyWith({
    metric: { ...accuracy, reduce: { type: 'best' } },
    otherMetrics: [{ ...size, reduce: { type: 'mean_last', k: 2 } }, latency],
  });
  study.ask();
  study.report(0, 1, { accuracy: 0.8, size: 1, latency: 3 });
  study.report(0, 2, { accuracy: 0.9, size: 3, latency: 4 });
  study.report(0, 3, { accuracy: 0.7, size: 5 });
  const trial = study.tell(0, { state: 'complete', values: { latency: 11 } });
  expect(trial).toMatchObject({
    state: 'complete',
    value: 0.9,
    values: { accuracy: 0.9, size: 4, latency: 11 },
    violation: 1,
  });
});

it('takes one number for the first metric, and says which metrics are missing', () => {
  const study = studyWith({ metric: accuracy, otherMetrics: [size] });
  study.ask();
  study.report(0, 1, 0.5);
  expect(study.unreported(0)).toEqual(['size']);
  expect(() => study.tell(0, { state: 'complete', value: 0.6 })).toThrow(
    /neither a value nor a report of size/,
  );
  expect(study.tell(0, { state: 'complete', value: 0.6, values: { size: 3 } })).toMatchObject({
    values: { accuracy: 0.6, size: 3 },
  });
});

it('fails a trial one of whose metrics is NaN, whichever it is', () => {
  const study = studyWith({ metric: accuracy, otherMetrics: [latency] });
  study.ask();
  const told = study.tell(0, { state: 'complete', values: { accuracy: 0.9, latency: Number.NaN } });
  expect(told).toMatchObject({ state: 'failed', value: null, values: null, violation: null });
  expect(study.best()).toBeNull();
});

it('names the metrics where one is misspelt, twice there, or without bounds', () => {
  const study = studyWith({ metric: accuracy, otherMetrics: [size] });
  study.ask();
  expect(() => study.report(0, 1, { acuracy: 1 })).toThrow(/no metric `acuracy`; did you mean `accuracy`/);
  expect(() => study.report(0, 1, { zzz: 1 })).toThrow(/there are accuracy, size/);
  expect(() => studyWith({ metric: accuracy, otherMetrics: [accuracy] })).toThrow(StudyError);
  expect(() =>
    studyWith({ metric: accuracy, otherMetrics: [{ name: 'a', min: null, max: null, reduce: last }] }),
  ).toThrow(/neither min nor max/);
});

it('has the best feasible trial of the first metric as its best, however good an infeasible one is', () => {
  const study = complete({ metric: accuracy, otherMetrics: [latency] }, [
    { accuracy: 0.99, latency: 11 },
    { accuracy: 0.7, latency: 10 },
    { accuracy: 0.8, latency: 2 },
    { accuracy: 0.8, latency: 1 },
  ]);
  expect(study.best()).toMatchObject({ number: 2, value: 0.8, values: { latency: 2 } });
  expect(study.trials().map(({ violation }) => violation)).toEqual([1, 0, 0, 0]);
  expect(study.front().map(({ number }) => number)).toEqual([2, 3]);
  const infeasible = complete({ metric: accuracy, otherMetrics: [latency] }, [{ accuracy: 1, latency: 11 }]);
  expect([infeasible.best(), infeasible.front()]).toEqual([null, []]);
});

it('has those on the front that no feasible trial beats in every objective (against all pairs)', () => {
  const rng = createRng(4, 0, 'values');
  const outcomes = Array.from({ length: 60 }, () => {
    const spent = rng.int(12);
    return { accuracy: (spent - rng.int(3)) / 12, size: spent + rng.int(2), latency: rng.int(14) };
  });
  const study = complete({ metric: accuracy, otherMetrics: [size, latency] }, outcomes);
  const feasible = outcomes.map((one, number) => ({ ...one, number })).filter((one) => one.latency <= 10);
  const expected = feasible.filter(
    (a) =>
      !feasible.some(
        (b) => b.accuracy >= a.accuracy && b.size <= a.size && (b.accuracy > a.accuracy || b.size < a.size),
      ),
  );
  expected.sort((a, b) => b.accuracy - a.accuracy || a.number - b.number);
  expect(expected.length).toBeGreaterThan(3);
  expect(study.front().map(({ number }) => number)).toEqual(expected.map(({ number }) => number));
});

it('judges a trial by the reports of the first metric alone', () => {
  const study = studyWith({
    metric: accuracy,
    otherMetrics: [size],
    scheduler: { type: 'median', startupTrials: 1, warmupSteps: 0 },
  });
  study.ask();
  study.report(0, 1, { accuracy: 0.9, size: 1 });
  study.tell(0, { state: 'complete' });
  study.ask();
  expect(study.report(1, 1, { size: 1000 })).toEqual({ stop: null });
  expect(study.report(1, 1, { accuracy: 0.1 }).stop).toContain('median');
  expect(study.tell(1, { state: 'pruned' })).toMatchObject({ state: 'pruned', values: null });
});
