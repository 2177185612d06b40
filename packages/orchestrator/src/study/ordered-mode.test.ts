import { describe, expect, it } from 'vitest';
import type { SchedulerConfig } from '../config/sweep-config.ts';
import { createRng, type Rng } from './rng.ts';
import { float, parameter, studyWith } from './testing/spaces.ts';
import type { Study } from './types.ts';

const STEPS = 9;

function ordered(lag: number, scheduler: SchedulerConfig | null, seed = 3): Study {
  return studyWith({
    parameters: [parameter('x', float(0, 1)), parameter('y', float(0, 1))],
    method: 'bayes',
    sampler: { type: 'tpe', options: { n_startup_trials: 5 } },
    scheduler,
    seed,
    runCap: 40,
    maxStep: STEPS,
    lag,
  });
}

/** Falls with the steps towards what the parameters are worth. */
function lossAt(params: Readonly<Record<string, unknown>>, step: number): number {
  const [x, y] = [Number(params.x), Number(params.y)];
  return (x - 0.3) ** 2 + (y - 0.6) ** 2 + (0.2 + x) / step;
}

interface Open {
  readonly number: number;
  readonly params: Readonly<Record<string, unknown>>;
  step: number;
}

/** Workers in any order: `rng` says who reports next; null: the oldest trial first, to its end. */
function run(study: Study, workers: number, rng: Rng | null): string[] {
  const open: Open[] = [];
  const record: string[] = [];
  for (;;) {
    while (open.length < workers && study.waitsFor() === null) {
      const asked = study.ask();
      if (asked === null) break;
      record.push(`ask ${asked.number} ${JSON.stringify(asked.params)}`);
      open.push({ ...asked, step: 0 });
    }
    if (open.length === 0) return record.sort();
    const trial = open[rng?.int(open.length) ?? 0]!;
    trial.step += 1;
    const { stop } = study.report(trial.number, trial.step, lossAt(trial.params, trial.step));
    if (stop === null && trial.step < STEPS) continue;
    if (stop !== null) record.push(`stop ${trial.number} at ${trial.step}: ${stop}`);
    study.tell(trial.number, { state: stop === null ? 'complete' : 'pruned' });
    open.splice(open.indexOf(trial), 1);
  }
}

const SCHEDULERS: Array<SchedulerConfig> = [
  { type: 'asha', minIter: 1, maxIter: STEPS, eta: 3 },
  { type: 'hyperband', minIter: 1, maxIter: STEPS, eta: 3, s: null, strict: true },
  { type: 'median', startupTrials: 3, warmupSteps: 1 },
];

describe.each(SCHEDULERS)('ordered mode with $type', (scheduler) => {
  it.each([1, 2, 3, 4, 5])(
    'asks and stops alike with 1 worker and with 4 in any order (order %i)',
    (order) => {
      const alone = run(ordered(4, scheduler), 1, null);
      expect(alone.some((line) => line.startsWith('stop'))).toBe(true);
      expect(run(ordered(4, scheduler), 4, createRng(order, 0, 'order'))).toEqual(alone);
      expect(run(ordered(4, scheduler), 3, createRng(order, 1, 'order'))).toEqual(alone);
    },
  );
});

describe.each(['auto', 'gp', 'tpe', 'cmaes', 'nsga2'] as const)(
  'ordered mode with the sampler %s',
  (type) => {
    const study = (): Study =>
      studyWith({
        parameters: [parameter('x', float(0, 1)), parameter('y', float(0, 1))],
        method: 'bayes',
        sampler: { type, options: {} },
        scheduler: SCHEDULERS[0]!,
        seed: 11,
        runCap: 24,
        maxStep: STEPS,
        lag: 4,
      });

    it('asks alike whatever the order', () => {
      const alone = run(study(), 1, null);
      for (const order of [1, 2]) expect(run(study(), 4, createRng(order, 0, 'order'))).toEqual(alone);
    });
  },
);

it('ends after the same trial where nothing better comes, whatever the order', () => {
  const stagnant = (): Study =>
    studyWith({
      parameters: [parameter('x', float(0, 1)), parameter('y', float(0, 1))],
      terminate: { stagnation: 6, regret: null },
      runCap: 200,
      lag: 4,
    });
  const alone = run(stagnant(), 1, null);
  expect(alone.length).toBeLessThan(200);
  for (const order of [1, 2, 3]) expect(run(stagnant(), 4, createRng(order, 0, 'order'))).toEqual(alone);
});

it('would not ask alike without the order', () => {
  const without = (order: number) =>
    run(
      studyWith({
        parameters: [parameter('x', float(0, 1)), parameter('y', float(0, 1))],
        method: 'bayes',
        sampler: { type: 'tpe', options: { n_startup_trials: 5 } },
        seed: 3,
        runCap: 40,
        maxStep: STEPS,
      }),
      4,
      createRng(order, 0, 'order'),
    );
  expect(without(1)).not.toEqual(without(2));
});

it('is one trial after the other with a lag of 1, and then the same as without the order', () => {
  const sequential = studyWith({
    parameters: [parameter('x', float(0, 1)), parameter('y', float(0, 1))],
    method: 'bayes',
    sampler: { type: 'tpe', options: { n_startup_trials: 5 } },
    scheduler: SCHEDULERS[0]!,
    seed: 3,
    runCap: 40,
    maxStep: STEPS,
  });
  expect(run(ordered(1, SCHEDULERS[0]!), 4, createRng(9, 0, 'order'))).toEqual(run(sequential, 1, null));
});

it('says which trial it waits for, never has more than the lag at once, and refuses an early ask', () => {
  const study = ordered(3, null);
  for (let i = 0; i < 3; i++) expect(study.ask()!.number).toBe(i);
  expect(study.waitsFor()).toBe(0);
  expect(() => study.ask()).toThrow(/Trial 3 is asked for once trial 0 is finished/);
  study.tell(1, { state: 'failed' });
  expect(study.waitsFor()).toBe(0);
  study.tell(0, { state: 'stopped' });
  expect(study.waitsFor()).toBeNull();
  expect(study.ask()!.number).toBe(3);
  // Trial 1 is finished already.
  expect(study.waitsFor()).toBeNull();
  expect(study.ask()!.number).toBe(4);
  expect(study.waitsFor()).toBe(2);
});

it('waits for nobody once the run cap is reached', () => {
  const study = studyWith({ runCap: 2, lag: 2 });
  study.ask();
  study.ask();
  expect(study.waitsFor()).toBeNull();
  expect(study.ask()).toBeNull();
});

it('goes on alike after a resume: asks, reports and tells replayed in the order in which they came', () => {
  const whole = run(ordered(4, SCHEDULERS[0]!), 4, createRng(5, 0, 'order'));
  const study = ordered(4, SCHEDULERS[0]!);
  const replayed = ordered(4, SCHEDULERS[0]!);
  const rng = createRng(5, 0, 'order');
  const open: Open[] = [];
  // By hand until 20 trials were asked for, everything told to the second study as a resume would.
  while (study.trials().length < 20) {
    while (open.length < 4 && study.waitsFor() === null && study.trials().length < 20) {
      const asked = study.ask()!;
      replayed.restore(asked.params);
      open.push({ ...asked, step: 0 });
    }
    const trial = open[rng.int(open.length)]!;
    trial.step += 1;
    const loss = lossAt(trial.params, trial.step);
    const { stop } = study.report(trial.number, trial.step, loss);
    expect(replayed.report(trial.number, trial.step, loss).stop).toBe(stop);
    if (stop === null && trial.step < STEPS) continue;
    study.tell(trial.number, { state: stop === null ? 'complete' : 'pruned' });
    replayed.tell(trial.number, { state: stop === null ? 'complete' : 'pruned' });
    open.splice(open.indexOf(trial), 1);
  }
  for (const trial of open) {
    for (; trial.step < STEPS; ) {
      trial.step += 1;
      const { stop } = replayed.report(trial.number, trial.step, lossAt(trial.params, trial.step));
      if (stop === null && trial.step < STEPS) continue;
      replayed.tell(trial.number, { state: stop === null ? 'complete' : 'pruned' });
      break;
    }
  }
  const rest = run(replayed, 1, null).filter((line) => line.startsWith('ask'));
  expect(rest.length).toBe(20);
  expect(whole).toEqual(expect.arrayContaining(rest));
});
