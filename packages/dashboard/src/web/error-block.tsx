import type { ErrorView } from '../wire.ts';

const TITLES: Readonly<Record<string, string>> = {
  throw: 'The trainer threw',
  timeout: 'Out of time',
  memory: 'Out of memory',
  crash: 'The process ended by itself',
  nan: 'The metric was not a number',
  no_metric: 'The metric was never reported',
  trainer: "The trainer can't be loaded",
};

/** Text of a trainer: shown as text, whatever it holds. */
export function ErrorBlock({ error }: { error: ErrorView }) {
  return (
    <section class="notice" data-kind="error">
      <h2>{TITLES[error.kind] ?? error.kind}</h2>
      <p class="error-message">{error.message}</p>
      {error.at !== null && (
        <p>
          at <code>{error.at}</code>
        </p>
      )}
      {error.stack !== null && (
        <details open>
          <summary>Stack</summary>
          <pre>{error.stack}</pre>
        </details>
      )}
    </section>
  );
}
