import { describe, expect, it } from 'vitest';
import { problemText } from '../../../../benchmarks/reference.mjs';
import { mean, type Problem, readProblem } from '../problems/index.ts';
import { drawParams } from '../space/points.ts';
import { createRng } from '../study/rng.ts';
import type { StudyOptions } from '../study/types.ts';
import { planStudy, type SweepSimulation, simulateSweep, type TimeModel, trainingTime } from './index.ts';

const digits = readProblem(problemText('digits_mlp'), 'digits_mlp');
const branin = readProblem(problemText('branin2'), 'branin2');

const studyOf = (problem: Problem, options: Partial<StudyOptions> = {}): StudyOptions => ({
  parameters: problem.space,
  metric: { goal: 'minimize', reduce: { type: 'last' } },
  method: 'random',
  sampler: { type: 'random', options: {} },
  scheduler: null,
  seed: 3,
  runCap: 40,
  maxStep: null,
  points: [],
  ...options,
});
const EVEN: TimeModel = { stepSeconds: 10, startSeconds: 0, spread: 0 };
const run = (problem: Problem, study: Partial<StudyOptions>, rest: Partial<SweepSimulation> = {}) =>
  simulateSweep({
    problem,
    study: studyOf(problem, study),
    workers: 4,
    time: EVEN,
    target: null,
    maxSeconds: null,
    ...rest,
  });
const asha = { scheduler: { type: 'asha', minIter: 1, maxIter: null, eta: 3 } } as const;

describe('a simulated sweep', () => {
  it('finds what the problem says of its best trial', () => {
    const { best, counts, curve } = run(branin, {});
    expect(counts).toEqual({ complete: 40, pruned: 0, failed: 0, stopped: 0 });
    expect(best!.value).toBe(branin.evaluate(best!.params));
    expect(curve.map(({ value }) => value)).toEqual(
      curve.map(({ value }) => value).toSorted((a, b) => b - a),
    );
    expect(curve.map(({ seconds }) => seconds)).toEqual(
      curve.map(({ seconds }) => seconds).toSorted((a, b) => a - b),
    );
  });

  it('takes as long as its trials take on its workers', () => {
    // 40 trials of 10 s on 4 workers, all of the same length.
    expect(run(branin, {})).toMatchObject({ seconds: 100, utilisation: 1, steps: 0 });
    expect(run(branin, {}, { workers: 1 })).toMatchObject({ seconds: 400, utilisation: 1 });
    expect(run(branin, {}, { time: { ...EVEN, startSeconds: 5 } })).toMatchObject({ seconds: 150 });
    // 40 trials fill 32 workers once and leave 24 of them idle in the second round.
    expect(run(branin, {}, { workers: 32 })).toMatchObject({ seconds: 20, utilisation: 40 / 64 });
  });

  it('counts the steps that early stopping saves, and loses little by it', () => {
    const [whole, stopped] = [run(digits, { runCap: 81 }), run(digits, { runCap: 81, ...asha })];
    expect(whole.steps).toBe(81 * 27);
    expect(whole.fullSteps).toBe(81 * 27);
    expect(stopped.fullSteps).toBe(81 * 27);
    expect(stopped.steps).toBeLessThan(0.5 * whole.steps);
    expect(stopped.seconds).toBeLessThan(whole.seconds);
    expect(stopped.counts.pruned).toBeGreaterThan(40);
    expect(stopped.best!.value).toBeLessThan(1.3 * whole.best!.value);
    expect(stopped.best!.steps).toBeLessThanOrEqual(stopped.steps);
  });

  it('trains no further than the sweep does', () => {
    const { best, fullSteps, steps } = run(digits, { maxStep: 9 });
    expect([steps, fullSteps]).toEqual([40 * 9, 40 * 9]);
    expect(best!.value).toBe(digits.curve(best!.params)[8]);
  });

  it('ends at the target, and at the end of its time', () => {
    const whole = run(branin, {});
    const target = whole.curve[1]!.value;
    const reached = run(branin, {}, { target });
    expect(reached.best!.value).toBe(target);
    expect(reached.seconds).toBe(whole.curve[1]!.seconds);
    const short = run(branin, {}, { maxSeconds: 35 });
    expect(short).toMatchObject({ seconds: 35, counts: { complete: 12, stopped: 4 } });
  });

  it('shows a metric that is maximised with its sign turned', () => {
    const { best, curve } = run(branin, { metric: { goal: 'maximize', reduce: { type: 'last' } } });
    expect(best!.value).toBe(-branin.evaluate(best!.params));
    expect(curve.map(({ value }) => value)).toEqual(
      curve.map(({ value }) => value).toSorted((a, b) => a - b),
    );
  });

  it('is decided by its seed', () => {
    const time = { ...EVEN, spread: 0.3 };
    const [one, again] = [run(digits, asha, { time }), run(digits, asha, { time })];
    expect(again).toEqual(one);
    expect(run(digits, { ...asha, seed: 4 }, { time })).not.toEqual(one);
  });

  it('keeps hundreds of workers at hundreds of trials', () => {
    const { counts, utilisation } = run(
      branin,
      { runCap: 2_000 },
      { workers: 500, time: { ...EVEN, spread: 0.2 } },
    );
    expect(counts.complete).toBe(2_000);
    expect(utilisation).toBeGreaterThan(0.7);
  });
});

describe('training times', () => {
  it('follow the times that were measured of the nearest configurations', () => {
    const perStep = trainingTime(digits, { stepSeconds: null, startSeconds: 0, spread: 0 }, 1);
    const { params, seconds } = digits.times!;
    for (const index of [0, 10, 599]) expect(27 * perStep(params[index]!, 0)).toBeCloseTo(seconds[index]!, 3);
    // Small batches take several times as long as large ones.
    const at = (batch: number) => perStep({ lr: 0.01, l2: 1e-4, hidden: 64, batch, activation: 'relu' }, 0);
    expect(at(8)).toBeGreaterThan(2 * at(256));
  });

  it('are scaled to the mean that is asked for, and spread around it', () => {
    const perStep = trainingTime(branin, { stepSeconds: 20, startSeconds: 0, spread: 0.4 }, 1);
    const times = Array.from({ length: 4_000 }, (_, n) => perStep({ x1: 0, x2: 0 }, n));
    // The mean's standard error is 20 · 0.42 / sqrt(4000) = 0.13.
    expect(Math.abs(mean(times) - 20)).toBeLessThan(0.6);
    const logs = times.map(Math.log);
    const spread = Math.sqrt(mean(logs.map((x) => (x - mean(logs)) ** 2)));
    expect(spread).toBeCloseTo(0.4, 1);
    const rng = createRng(5, 0, 'test');
    const scaled = trainingTime(digits, { stepSeconds: 20, startSeconds: 0, spread: 0 }, 1);
    const typical = Array.from({ length: 500 }, () => Math.log(scaled(drawParams(digits.space, rng), 0)));
    expect(Math.exp(mean(typical))).toBeGreaterThan(15);
    expect(Math.exp(mean(typical))).toBeLessThan(26);
  });
});

describe('a plan', () => {
  it("keeps the sweep's own parameters where they are the problem's", () => {
    const own = digits.space.map((parameter) =>
      parameter.name === 'activation'
        ? {
            ...parameter,
            distribution: { kind: 'categorical' as const, choices: ['relu', 'tanh'], ordered: false },
          }
        : parameter,
    );
    const { study, notes } = planStudy(studyOf(digits, { parameters: own, points: [{ batch: 8 }] }), digits);
    expect(study.parameters).toBe(own);
    expect(study.points).toEqual([{ batch: 8 }]);
    expect(notes).toEqual([]);
  });

  it("takes the problem's where a name or a value does not fit, and says which", () => {
    const replaced = (choices: string[]) =>
      digits.space.map((parameter) =>
        parameter.name === 'activation'
          ? { ...parameter, distribution: { kind: 'categorical' as const, choices, ordered: false } }
          : parameter,
      );
    const sweep = (parameters: StudyOptions['parameters']) =>
      planStudy(studyOf(digits, { parameters, points: [{}] }), digits);
    expect(sweep(replaced(['relu', 'gelu'])).notes).toEqual([
      'The parameters are those of digits_mlp: the sweep gives `activation` values that digits_mlp does not have.',
      '`warm_start.points` are of other parameters: left out.',
    ]);
    expect(sweep(digits.space.slice(1)).notes[0]).toContain('the sweep has no `lr`');
    expect(sweep([...digits.space, { ...digits.space[0]!, name: 'extra' }]).notes[0]).toContain(
      'digits_mlp has no `extra`',
    );
    expect(sweep(branin.space).study.parameters).toBe(digits.space);
  });

  it('says what of the sweep a problem can not show', () => {
    const { notes } = planStudy(
      studyOf(branin, {
        ...asha,
        metric: { goal: 'maximize', reduce: { type: 'last' } },
        otherMetrics: [{ name: 'size', goal: 'minimize', reduce: { type: 'last' } }],
      }),
      branin,
    );
    expect(notes).toEqual([
      'branin2 has one metric: the others are left out.',
      'branin2 has no learning curves: `early_terminate` has nothing to stop.',
      'branin2 is minimized: what `goal: maximize` sees is its value with the sign turned.',
    ]);
  });
});
