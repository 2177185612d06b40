import fc from 'fast-check';
import type { Scheduler } from '../schedulers/scheduler.ts';

const ENDS = ['complete', 'failed', 'stopped'] as const;

/** A trial as it would go if nobody stopped it: a loss per step, and how it ends. */
export interface Course {
  readonly losses: readonly number[];
  readonly end: (typeof ENDS)[number];
  /** A first attempt that was lost after so many steps; its steps are reported again. */
  readonly lostAfter: number;
}

/** What happened, in order: a decision for each report. */
export type Log = ReadonlyArray<{
  readonly number: number;
  readonly step: number;
  readonly stop: string | null;
}>;

const loss = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.POSITIVE_INFINITY, 0, 1e308) },
);

/** Rough, or level with one late change: what leads for long may be the worst at the end. */
const lossesOf = (maxStep: number): fc.Arbitrary<number[]> =>
  fc.oneof(
    fc.array(loss, { minLength: maxStep, maxLength: maxStep }),
    fc
      .record({ before: loss, after: loss, from: fc.integer({ min: 2, max: maxStep }) })
      .map(({ before, after, from }) =>
        Array.from({ length: maxStep }, (_, i) => (i + 1 < from ? before : after)),
      ),
    fc
      .record({ before: loss, after: loss })
      .map(({ before, after }) =>
        Array.from({ length: maxStep }, (_, i) => (i + 1 < maxStep ? before : after)),
      ),
  );

export const courses = (maxStep: number): fc.Arbitrary<Course[]> =>
  fc.array(
    fc.record({
      losses: lossesOf(maxStep),
      end: fc.oneof(
        { weight: 6, arbitrary: fc.constant<Course['end']>('complete') },
        { weight: 1, arbitrary: fc.constantFrom(...ENDS) },
      ),
      lostAfter: fc.oneof(
        { weight: 6, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.nat(maxStep - 1) },
      ),
    }),
    { minLength: 1, maxLength: 30 },
  );

/**
 * Runs the trials, `width` of them at once and in the order that `pick` says, and ends each where it is told to.
 * @param pick of so many running trials, the one that reports next.
 */
export function runCourses(
  scheduler: Scheduler,
  trials: readonly Course[],
  width: number,
  pick: (running: number) => number,
): Log {
  const log: Array<Log[number]> = [];
  const waiting = trials.map((course, number) => ({ number, course, step: 0, lost: course.lostAfter }));
  const running: typeof waiting = [];
  const end = (at: number, state: Parameters<Scheduler['onEnd']>[1]): void => {
    const [trial] = running.splice(at, 1);
    scheduler.onEnd(trial!.number, state);
  };
  for (;;) {
    while (running.length < width && waiting.length > 0) running.push(waiting.shift()!);
    if (running.length === 0) return log;
    const at = pick(running.length);
    const trial = running[at]!;
    trial.step++;
    const { number, step, course } = trial;
    const stop = scheduler.onReport({ number, step, loss: course.losses[step - 1]! });
    log.push({ number, step, stop });
    if (stop !== null) end(at, 'pruned');
    else if (step === course.losses.length) end(at, course.end);
    else if (step === trial.lost) {
      trial.step = 0;
      trial.lost = 0;
    }
  }
}
