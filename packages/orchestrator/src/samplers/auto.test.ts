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
