import { TfsweepError } from '../errors.ts';

/** A user's own module that can't be loaded, or is not what it should be. */
export class ModuleLoadError extends TfsweepError {
  /** The place in the user's files, such as `mine.ts:12:7`, where one is known. */
  readonly at: string | null;

  constructor(message: string, options: { at?: string | null; cause?: unknown } = {}) {
    super('MODULE_LOAD', message, { exitCode: 2, cause: options.cause });
    this.at = options.at ?? null;
  }
}
