import { TfsweepError } from '@tfsweep/orchestrator/protocol';

/** The trainer, or the data that it names, can't be loaded: no setting of the parameters would help. */
export class TrainerLoadError extends TfsweepError {
  /** The trainer's own place, such as `train.ts:12:7`, where one is known. */
  readonly at: string | null;

  constructor(message: string, options: { at?: string | null; cause?: unknown } = {}) {
    super('TRAINER_LOAD', message, { cause: options.cause });
    this.at = options.at ?? null;
  }
}
