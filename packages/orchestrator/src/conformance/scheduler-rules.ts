import fc from 'fast-check';
import { expect, vi } from 'vitest';
import type { Scheduler } from '../schedulers/scheduler.ts';
import { createRng } from '../study/rng.ts';
import type { Rule } from './sampler-rules.ts';
import { courses, type Log, runCourses } from './scheduler-life.ts';

export interface SchedulerConformance {
  /** Steps of a whole trial, as `create` was told them. @default 27 */
  readonly maxStep?: number;
  /**
   * Whether a trial that leads at every step is always spared. Not so where a trial is judged by itself (a threshold,
   * patience). @default true
   */
  readonly sparesTheBest?: boolean;
  /** Random histories for each property. @default 50 */
  readonly runs?: number;
  /** @default 1 */
  readonly seed?: number;
}

/**
 * What every scheduler has to keep to, over random histories.
 * @param create makes a scheduler for one study; called often.
 */
export function schedulerRules(
  create: () => Scheduler,
  { maxStep = 27, sparesTheBest = true, runs = 50, seed = 1 }: SchedulerConformance = {},
): Rule[] {
  const found: Rule[] = [];
  const rule = (name: string, check: () => void): void => void found.push({ name, check });
  const trials = courses(maxStep);
  const width = fc.integer({ min: 1, max: 12 });
  const order = fc.nat(0xffffffff);
  const inOrder = (from: number) => {
    const rng = createRng(from, 0, 'order');
    return (running: number): number => rng.int(running);
  };
  const check = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>): void =>
    fc.assert(property, { numRuns: runs, seed });

  rule('decides the same again when the same is reported in the same order', () => {
    check(
      fc.property(trials, width, order, (given, slots, from) => {
        const first: Log = runCourses(create(), given, slots, inOrder(from));
        expect(runCourses(create(), given, slots, inOrder(from))).toEqual(first);
      }),
    );
  });

  rule('never stops a trial at its last step', () => {
    check(
      fc.property(trials, width, order, (given, slots, from) => {
        const log = runCourses(create(), given, slots, inOrder(from));
        expect(log.filter(({ step, stop }) => step === maxStep && stop !== null)).toEqual([]);
      }),
    );
  });

  rule('gives a reason in words where it stops one', () => {
    check(
      fc.property(trials, width, order, (given, slots, from) => {
        for (const { stop } of runCourses(create(), given, slots, inOrder(from)))
          if (stop !== null) expect(stop).toMatch(/\S{2}/);
      }),
    );
  });

  if (sparesTheBest)
    rule('spares a trial that leads at every step', () => {
      check(
        fc.property(trials, width, order, fc.nat(), (given, slots, from, which) => {
          const leader = which % given.length;
          const led = given.map((course, number) =>
            number === leader
              ? {
                  ...course,
                  losses: course.losses.map((_, i) => -100 - i),
                  end: 'complete' as const,
                  lostAfter: 0,
                }
              : course,
          );
          const log = runCourses(create(), led, slots, inOrder(from));
          expect(log.filter(({ number, stop }) => number === leader && stop !== null)).toEqual([]);
        }),
      );
    });

  rule('hears without a complaint of ends and steps that it knows nothing of', () => {
    const scheduler = create();
    for (const state of ['complete', 'pruned', 'failed', 'stopped'] as const) scheduler.onEnd(100, state);
    scheduler.onReport({ number: 5, step: 4, loss: 1 });
    scheduler.onReport({ number: 5, step: 4, loss: 2 });
    scheduler.onReport({ number: 5, step: 2, loss: Number.POSITIVE_INFINITY });
    scheduler.onReport({ number: 5, step: maxStep + 10, loss: 1 });
    scheduler.onEnd(5, 'complete');
    scheduler.onEnd(5, 'complete');
    scheduler.onReport({ number: 0, step: 1, loss: Number.POSITIVE_INFINITY });
    scheduler.onEnd(0, 'failed');
    expect(scheduler.onReport({ number: 6, step: maxStep, loss: 1 })).toBeNull();
  });

  rule('takes no chance and knows no time', () => {
    const forbid = () => {
      throw new Error('a scheduler may use no random number and no clock');
    };
    const spies = [
      vi.spyOn(Math, 'random').mockImplementation(forbid),
      vi.spyOn(Date, 'now').mockImplementation(forbid),
      vi.spyOn(performance, 'now').mockImplementation(forbid),
    ];
    const given = fc.sample(trials, { numRuns: 5, seed });
    try {
      for (const one of given) runCourses(create(), one, 4, inOrder(seed));
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
  return found;
}
