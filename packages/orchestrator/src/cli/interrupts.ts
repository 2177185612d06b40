export interface Interrupts {
  /** The first Ctrl-C (or SIGTERM): hand back what runs, save, leave. */
  readonly first: AbortSignal;
  /** The second: leave at once. */
  readonly second: AbortSignal;
  dispose(): void;
}

const INTERRUPTED = 130;
/** Enough for the listeners of `second` to kill what was started here. */
const LAST_WORDS_MS = 100;

export function handleInterrupts(): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  const onSignal = (): void => {
    if (!first.signal.aborted) {
      process.stderr.write(
        '\nStopping: what runs is handed back. Ctrl-C again leaves at once; `tfsweep resume` goes on.\n',
      );
      first.abort();
      return;
    }
    second.abort();
    setTimeout(() => process.exit(INTERRUPTED), LAST_WORDS_MS);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    first: first.signal,
    second: second.signal,
    dispose: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      // A second Ctrl-C while the last files are closed still leaves with the code of an interrupt.
      if (first.signal.aborted) process.on('SIGINT', () => process.exit(INTERRUPTED));
    },
  };
}
