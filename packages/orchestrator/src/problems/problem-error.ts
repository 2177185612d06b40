import { TfsweepError } from '../errors.ts';

/** A problem file that is none, or a point that its objective can't evaluate. */
export class ProblemError extends TfsweepError {
  constructor(message: string) {
    super('PROBLEM', message, { exitCode: 2 });
  }
}
