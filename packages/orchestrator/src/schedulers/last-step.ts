import type { Scheduler } from './scheduler.ts';

/**
 * The same scheduler, by which a trial that has trained all its steps is over and not stopped: its result is as good as
 * any other's.
 * @param maxStep steps of a whole trial; null: unknown.
 */
export function sparingTheLastStep(scheduler: Scheduler, maxStep: number | null): Scheduler {
  if (maxStep === null) return scheduler;
  const { name, promotion } = scheduler;
  return {
    name,
    onReport: (report) => {
      const stop = scheduler.onReport(report);
      return report.step >= maxStep ? null : stop;
    },
    onEnd: (number, state, loss) => scheduler.onEnd(number, state, loss),
    ...(promotion === undefined ? {} : { promotion }),
  };
}
