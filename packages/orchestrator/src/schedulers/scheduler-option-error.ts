import { TfsweepError } from '../errors.ts';

/** A scheduler's options that make no sense together. */
export class SchedulerOptionError extends TfsweepError {
  constructor(message: string) {
    super('SCHEDULER_OPTION', message, { exitCode: 2 });
  }
}
