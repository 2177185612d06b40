import { TfsweepError } from '../errors.ts';

/** A study used against its rules: a trial that does not exist, or is over, or a value that is no number. */
export class StudyError extends TfsweepError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('STUDY_MISUSE', message, options);
  }
}
