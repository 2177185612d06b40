import { describe, it } from 'vitest';
import type { Scheduler } from '../schedulers/scheduler.ts';
import { type SchedulerConformance, schedulerRules } from './scheduler-rules.ts';

/**
 * What every scheduler has to keep to, as vitest tests over random histories.
 * @param create makes a scheduler for one study; called often.
 */
export function describeScheduler(
  name: string,
  create: () => Scheduler,
  options: SchedulerConformance = {},
): void {
  describe(`the scheduler ${name}`, () => {
    for (const rule of schedulerRules(create, options)) it(rule.name, rule.check);
  });
}
