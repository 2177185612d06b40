import { TfsweepError } from '@tfsweep/orchestrator/protocol';

/** The native addon can't be built here; the message says what is missing and where to get it. */
export class NativeBuildError extends TfsweepError {
  constructor(code: NativeBuildErrorCode, message: string, cause?: unknown) {
    super(code, message, { exitCode: WRONG_USAGE.has(code) ? 2 : 1, cause });
  }
}

export type NativeBuildErrorCode =
  | 'NATIVE_PLATFORM'
  | 'LIBTENSORFLOW_NOT_FOUND'
  | 'TFJS_NODE_NOT_FOUND'
  | 'NODE_HEADERS_NOT_FOUND'
  | 'COMPILER_NOT_FOUND'
  | 'COMPILE_FAILED'
  | 'ADDON_DOES_NOT_LOAD';

const WRONG_USAGE: ReadonlySet<NativeBuildErrorCode> = new Set([
  'NATIVE_PLATFORM',
  'LIBTENSORFLOW_NOT_FOUND',
]);
