import { describe, expect, it } from 'vitest';
import type { SchedulerConfig } from '../config/sweep-config.ts';
import type { Params } from '../space/types.ts';
import { createRng } from './rng.ts';
import { float, oneOf, parameter, studyWith } from './testing/spaces.ts';
import type { Study, StudyOptions } from './types.ts';

const MAX = 27;
const ETA = 3;

/** Best at rate 0.1 with kind b; what is bad falls more slowly, so that early steps tell, and mislead a little. */
function lossAt(params: Params, step: number): number {
  const gap = Math.abs(Math.log10(Number(params.rate)) + 1) / 3 + (params.kind === 'b' ? 0 : 0.3);
  return gap + (1 + gap) / Math.sqrt(step);
}

function searching(sampler: 'tpe' | 'gp' | 'random', scheduler: SchedulerConfig | null): Study {
  return studyWith({
    parameters: [parameter('rate', float(1e-4, 1, { log: true })), parameter('kind', oneOf('a', 'b', 'c'))],
    method: sampler === 'random' ? 'random' : 'bayes',
    sampler: { type: sampler, options: {} },
    scheduler,
    maxStep: MAX,
    runCap: 60,
    seed: 11,
  });
}

/** Four trials at a time, a step of one after the other, until nothing is left. @returns steps in all. */
function train(study: Study): number {
  const running: Array<{ number: number; params: Params; step: number; pauseAt: number | undefined }> = [];
  const reached = new Map<number, number>();
  let steps = 0;
  for (;;) {
    while (running.length < 4) {
      const asked = study.ask();
      if (asked === null) break;
      running.push({ ...asked, step: reached.get(asked.number) ?? 0, pauseAt: asked.pauseAt });
    }
    const trial = running.shift();
    if (trial === undefined) return steps;
    steps += 1;
    trial.step += 1;
    reached.set(trial.number, trial.step);
    const { stop } = study.report(trial.number, trial.step, lossAt(trial.params, trial.step));
    if (stop !== null) study.tell(trial.number, { state: 'pruned' });
    else if (trial.step === trial.pauseAt) study.pause(trial.number);
    else if (trial.step === MAX) study.tell(trial.number, { state: 'complete' });
    else running.push(trial);
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const stopping: SchedulerConfig = { type: 'asha', minIter: 1, maxIter: MAX, eta: ETA };

describe('samplers that learn from rungs', () => {
  it.each([
    ['tpe', stopping],
    ['gp', stopping],
    ['tpe', { ...stopping, mode: 'promotion' }],
    ['gp', { ...stopping, mode: 'promotion' }],
  ] as const)(
    '%s with asha finds what random search at full length does, for a fraction of the steps',
    (sampler, scheduler) => {
      const whole = searching('random', null);
      const full = train(whole);
      expect(full).toBe(60 * MAX);
      const study = searching(sampler, scheduler);
      const steps = train(study);
      expect(steps).toBeLessThan(0.5 * full);
      expect(study.best()!.value).toBeLessThanOrEqual(whole.best()!.value);
      // The search has learnt from what never completed.
      const atFirst = study.trials().map(({ reports }) => reports[0]!.value);
      expect(median(atFirst.slice(10, 30))).toBeLessThan(median(atFirst.slice(0, 10)));
    },
  );
});

describe('a scheduler of a study with several metrics', () => {
  const size = { name: 'size', goal: 'maximize', reduce: { type: 'last' } } as const;
  const options = (metric?: string): Partial<StudyOptions> => ({
    metric: { name: 'loss', goal: 'minimize', reduce: { type: 'last' } },
    otherMetrics: [size],
    scheduler: {
      type: 'median',
      startupTrials: 1,
      warmupSteps: 0,
      ...(metric === undefined ? {} : { metric }),
    },
  });
  const stopOf = (study: Study): string | null => {
    study.ask();
    study.report(0, 1, { loss: 1, size: 10 });
    study.tell(0, { state: 'complete' });
    study.ask();
    return study.report(1, 1, { loss: 2, size: 20 }).stop;
  };

  it('judges the first, or the one that is named, in its own direction', () => {
    expect(stopOf(studyWith(options()))).toContain('median');
    expect(stopOf(studyWith(options('size')))).toBeNull();
    const study = studyWith(options('size'));
    stopOf(study);
    study.ask();
    expect(study.report(2, 1, { loss: 0, size: 5 }).stop).toContain('median');
    expect(study.report(2, 2, { loss: 0 })).toEqual({ stop: null });
  });

  it('follows from the numbers alone in ordered mode too', () => {
    const stops = [1, 4].map((workers) => {
      const study = studyWith({ ...options('size'), lag: 4, runCap: 24, seed: 5 });
      const rng = createRng(workers, 0, 'order');
      const running: Array<{ number: number; step: number }> = [];
      const ended: string[] = [];
      for (;;) {
        while (running.length < workers && study.waitsFor() === null) {
          const asked = study.ask();
          if (asked === null) break;
          running.push({ number: asked.number, step: 0 });
        }
        if (running.length === 0) return ended.toSorted();
        const at = rng.int(running.length);
        const trial = running[at]!;
        trial.step += 1;
        const values = { loss: 1, size: ((trial.number * 7) % 11) + trial.step };
        const { stop } = study.report(trial.number, trial.step, values);
        if (stop === null && trial.step < 4) continue;
        study.tell(trial.number, { state: stop === null ? 'complete' : 'pruned' });
        ended.push(`${trial.number}: ${stop}`);
        running.splice(at, 1);
      }
    });
    expect(stops[0]!.some((line) => line.includes('median'))).toBe(true);
    expect(stops[1]).toEqual(stops[0]);
  });

  it('refuses a metric that is not there', () => {
    expect(() => studyWith(options('sizes'))).toThrow('No metric that is optimised is called `sizes`.');
  });
});
