/**
 * The root of every error that is meant for a person: its message says what is wrong, with the value seen, and what
 * to do. Anything else that reaches the command line is a defect and is shown with its stack.
 */
export class TfsweepError extends Error {
  /** Stable, for programs: never shown alone. */
  readonly code: string;
  /** What the process ends with: 1 the work failed, 2 wrong usage or config. */
  readonly exitCode: 1 | 2;

  constructor(code: string, message: string, options: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
  }
}
