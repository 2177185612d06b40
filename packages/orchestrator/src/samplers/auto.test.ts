import { expect, it } from 'vitest';
import { float, parameter, studyWith } from '../study/testing/spaces.ts';

it('asks the Gaussian process while results are few, and says so with each trial', () => {
  const study = studyWith({ method: 'bayes' });
  const samplers = Array.from({ length: 14 }, (_, i) => {
    const { number, sampler } = study.ask()!;
    study.tell(number, { state: 'complete', value: (i * 7) % 5 });
    return sampler;
  });
  expect(samplers[0]).toBe('auto: gp (start: the centre)');
  expect(samplers[12]).toBe('auto: gp (log-EI)');
  expect(samplers[13]).toMatch(/^auto: gp \(log-EI in a box around trial \d+\)$/);
});

it('hands over to the Parzen estimators where results are many', () => {
  const study = studyWith({
    method: 'bayes',
    sampler: { type: 'auto', options: { n_startup_trials: 1_000 } },
  });
  for (let i = 0; i < 401; i++) study.tell(study.ask()!.number, { state: 'complete', value: Math.sin(i) });
  expect(study.ask()!.sampler).toMatch(/^auto: tpe \(more than 400 results/);
});

it('asks Gaussian processes for several metrics too, for more of them up to fewer results', () => {
  const last = { type: 'last' } as const;
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const [metric, ...otherMetrics] = names.map((name) => ({ name, goal: 'minimize', reduce: last }) as const);
  const study = studyWith({
    method: 'bayes',
    metric: metric!,
    otherMetrics,
    sampler: { type: 'auto', options: { n_startup_trials: 1_000 } },
  });
  for (let i = 0; i < 201; i++) {
    const { number, sampler } = study.ask()!;
    expect(sampler).toMatch(/^auto: gp/);
    const values = Object.fromEntries(names.map((name, k) => [name, Math.sin(i + k)]));
    study.tell(number, { state: 'complete', values });
  }
  expect(study.ask()!.sampler).toMatch(/^auto: tpe \(more than 200 results/);
});

it('does not count trials without a result', () => {
  const study = studyWith({
    method: 'bayes',
    sampler: { type: 'auto', options: { n_startup_trials: 1_000 } },
  });
  for (let i = 0; i < 450; i++) study.tell(study.ask()!.number, { state: 'failed' });
  expect(study.ask()!.sampler).toMatch(/^auto: gp/);
});

it('leaves very many parameters to the Parzen estimators', () => {
  const parameters = Array.from({ length: 61 }, (_, i) => parameter(`x${i}`, float(0, 1)));
  expect(studyWith({ method: 'bayes', parameters }).ask()!.sampler).toMatch(
    /^auto: tpe \(more than 60 parameters/,
  );
});
