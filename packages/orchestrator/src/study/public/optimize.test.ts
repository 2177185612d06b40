import { describe, expect, it } from 'vitest';
import { createStudy, float, StudyError, type TrialContext, TrialPruned } from '../index.ts';

const parameters = { x: float(0, 1) };
const line = () => createStudy({ parameters, sampler: 'random', seed: 5 });

/** An objective that waits until the test lets it go on. */
function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

describe('optimize', () => {
  it('runs as many objectives at once as it may, and no more', async () => {
    let running = 0;
    let most = 0;
    const study = line();
    await study.optimize(
      async ({ x }) => {
        running++;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        return x;
      },
      { trials: 20, concurrency: 6 },
    );
    expect(most).toBe(6);
    expect(study.trials()).toHaveLength(20);
    expect(study.trials().every(({ state }) => state === 'complete')).toBe(true);
  });

  it('prunes what the scheduler stops: report throws, the signal of the trial aborts, swallowing it helps nothing', async () => {
    const study = createStudy({
      parameters,
      sampler: 'random',
      scheduler: { type: 'asha', minIter: 1, maxIter: 3, eta: 2 },
      maxStep: 3,
      seed: 5,
    });
    const told: unknown[] = [];
    await study.optimize(
      (_, { number, report, signal }) => {
        try {
          for (let step = 1; step <= 3; step++) report(step, number);
        } catch (error) {
          told.push([number, error instanceof TrialPruned, signal.aborted, signal.reason === error]);
          if (number % 2 === 1) throw error;
        }
        return number;
      },
      { trials: 6 },
    );
    const pruned = study.trials().filter(({ state }) => state === 'pruned');
    expect(pruned.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(pruned.every(({ reports }) => reports.length === 1)).toBe(true);
    expect(told).toEqual([1, 2, 3, 4, 5].map((number) => [number, true, true, true]));
  });

  it('prunes where the objective says so itself', async () => {
    const study = line();
    const best = await study.optimize(
      ({ x }) => {
        if (x > 0.5) throw new TrialPruned('too far to the right');
        return x;
      },
      { trials: 12 },
    );
    expect(best!.value).toBeLessThanOrEqual(0.5);
    for (const { params, state } of study.trials())
      expect(state).toBe(params.x > 0.5 ? 'pruned' : 'complete');
  });

  it('fails the trial of an objective that throws and goes on; NaN is a failure as well', async () => {
    const study = line();
    const errors: unknown[] = [];
    const broken = new Error('out of memory');
    const best = await study.optimize(
      ({ x }, { number }) => {
        if (number === 0) throw broken;
        return number === 1 ? Number.NaN : x;
      },
      { trials: 5, onTrial: ({ error }) => errors.push(error) },
    );
    expect(study.trials().map(({ state }) => state)).toEqual([
      'failed',
      'failed',
      'complete',
      'complete',
      'complete',
    ]);
    expect(errors[0]).toBe(broken);
    expect(errors[1]).toMatchObject({ message: expect.stringContaining('NaN') });
    expect(errors.slice(2)).toEqual([undefined, undefined, undefined]);
    expect(best).not.toBeNull();
  });

  it('ends with the first error where it is told to, after what runs beside it has ended', async () => {
    const study = line();
    const { open, passed } = gate();
    const broken = new Error('no such file');
    const run = study.optimize(
      async ({ x }, { number }) => {
        if (number === 1) {
          open();
          throw broken;
        }
        await passed;
        return x;
      },
      { trials: 10, concurrency: 2, onError: 'throw' },
    );
    await expect(run).rejects.toBe(broken);
    expect(study.trials().map(({ state }) => state)).toEqual(['complete', 'failed']);
  });

  it('ends when the first three trials fail with one error: the objective is broken, not its parameters', async () => {
    const study = line();
    const run = study.optimize(
      () => {
        throw new RangeError('units is not defined');
      },
      { trials: 100 },
    );
    await expect(run).rejects.toThrow(StudyError);
    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining('units is not defined'),
      cause: expect.any(RangeError),
    });
    expect(study.trials()).toHaveLength(3);
  });

  it('says so when every trial failed', async () => {
    const run = line().optimize((_, { number }) => Promise.reject(new Error(`bad ${number}`)), { trials: 4 });
    await expect(run).rejects.toThrow('All 4 trials failed; the last one: bad 3');
  });

  it('ends by its signal: nothing new is asked, what runs is told, waited for and stopped', async () => {
    const study = line();
    const controller = new AbortController();
    const reason = new Error('the user left');
    const run = study.optimize(
      ({ x }, { number, signal }) => {
        if (number < 2) return x;
        if (number === 3) setTimeout(() => controller.abort(reason), 1);
        return new Promise((resolve, reject) => {
          // One objective finishes in spite of it: its value counts.
          signal.addEventListener('abort', () => (number === 3 ? resolve(x) : reject(signal.reason)));
        });
      },
      { trials: 100, concurrency: 2, signal: controller.signal },
    );
    await expect(run).rejects.toBe(reason);
    expect(study.trials().map(({ state }) => state)).toEqual(['complete', 'complete', 'stopped', 'complete']);
    await expect(study.optimize(({ x }) => x, { trials: 1, signal: controller.signal })).rejects.toBe(reason);
    expect(study.trials()).toHaveLength(4);
  });

  it('ends a loop that never waits at its next report', async () => {
    const controller = new AbortController();
    const study = line();
    const run = study.optimize(
      (_, { report }) => {
        for (let step = 1; ; step++) {
          report(step, 1);
          if (step === 10) controller.abort();
        }
      },
      { signal: controller.signal },
    );
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(study.trials()).toMatchObject([{ state: 'stopped', reports: { length: 10 } }]);
  });

  it('takes a value from the reports where the objective returns none', async () => {
    const best = await line().optimize(({ x }, { report }) => report(1, x), { trials: 3 });
    expect(best!.value).toBe(best!.params.x);
  });

  it('refuses a report after the end of its trial', async () => {
    const kept: TrialContext[] = [];
    const study = line();
    await study.optimize(
      ({ x }, context) => {
        kept.push(context);
        return x;
      },
      { trials: 1 },
    );
    expect(() => kept[0]!.report(1, 0)).toThrow('Trial 0 is over');
  });

  it('refuses numbers that make no sense, and a search without an end', async () => {
    const objective = ({ x }: { x: number }): number => x;
    await expect(line().optimize(objective)).rejects.toThrow('never ends by itself');
    await expect(line().optimize(objective, { trials: 1.5 })).rejects.toThrow('`trials` is 1.5');
    await expect(line().optimize(objective, { trials: 1, concurrency: 0 })).rejects.toThrow(
      '`concurrency` is 0',
    );
  });

  it('gives the same trials again at any concurrency in the ordered mode', async () => {
    const run = async (delay: (number: number) => number): Promise<unknown> => {
      const study = createStudy({ parameters, seed: 9, lag: 4 });
      await study.optimize(
        async ({ x }, { number }) => {
          await new Promise((resolve) => setTimeout(resolve, delay(number)));
          return Math.abs(x - 0.2);
        },
        { trials: 24, concurrency: 4 },
      );
      return study.trials();
    };
    expect(await run((number) => (number * 7) % 5)).toEqual(await run((number) => number % 2));
  });

  it('gives the same trials again at concurrency 1, whatever the objectives take', async () => {
    const run = async (delays: boolean): Promise<unknown> => {
      const study = createStudy({ parameters, seed: 9 });
      await study.optimize(
        async ({ x }, { number }) => {
          if (delays && number % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
          return Math.abs(x - 0.2);
        },
        { trials: 20 },
      );
      return study.trials();
    };
    expect(await run(true)).toEqual(await run(false));
  });
});
