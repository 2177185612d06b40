import { TfsweepError } from '../errors.ts';

/** A parameter, a point or a grid that makes no sense; the message names the parameter. */
export class SpaceError extends TfsweepError {
  constructor(message: string) {
    super('SPACE_INVALID', message, { exitCode: 2 });
  }
}
