import { TfsweepError } from '@tfsweep/orchestrator/protocol';

/** No backend that was asked for can train here. */
export class BackendUnavailableError extends TfsweepError {
  /** One per backend that was tried: `wasm: …`. */
  readonly reasons: readonly string[];

  constructor(forced: string | null, reasons: readonly string[]) {
    const what =
      forced === null
        ? 'No TensorFlow.js backend works here'
        : `The TensorFlow.js backend ${forced} does not work here`;
    super('BACKEND_UNAVAILABLE', `${what}. ${reasons.join(' ')} \`tfsweep doctor\` shows what there is.`, {
      exitCode: 2,
    });
    this.reasons = reasons;
  }
}
