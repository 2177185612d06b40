import { MAX_METRIC_NAME_CHARS, TfsweepError } from '@tfsweep/orchestrator/protocol';

/** What a trainer gave as metrics is not a map of names to numbers. */
export class InvalidMetricsError extends TfsweepError {
  constructor(message: string) {
    super('INVALID_METRICS', message);
  }
}

/** Of one report, as JSON; half of what travels in one event. */
const MAX_METRICS_BYTES = 128 * 1024;

export type Metrics = Readonly<Record<string, number>>;

/**
 * Checks what a trainer reported or returned. NaN and the infinities pass: the orchestrator judges them.
 * @param source how the message calls where the values came from, such as `report(3, …)`
 * @throws InvalidMetricsError that names the first key whose value is no number; for a name that is too long, and for
 *   more than fits one event
 */
export function readMetrics(values: unknown, source: string): Metrics {
  if (values === null || typeof values !== 'object' || Array.isArray(values)) {
    throw new InvalidMetricsError(
      `${source}: metrics are an object such as {val_loss: 0.5}, got ${describe(values)}.`,
    );
  }
  const metrics: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'number') {
      throw new InvalidMetricsError(
        `${source}: the metric "${name}" must be a number, got ${describe(value)}.${hint(value)}`,
      );
    }
    if (name.length > MAX_METRIC_NAME_CHARS) {
      throw new InvalidMetricsError(
        `${source}: a metric's name has at most ${MAX_METRIC_NAME_CHARS} characters; "${name.slice(0, 40)}…" has ${name.length}.`,
      );
    }
    metrics[name] = value;
  }
  const bytes = Buffer.byteLength(JSON.stringify(metrics));
  if (bytes > MAX_METRICS_BYTES) {
    throw new InvalidMetricsError(
      `${source}: ${Object.keys(metrics).length} metrics take ${bytes} bytes, more than the ${MAX_METRICS_BYTES} of one report. Report fewer, or write the rest to a file below \`artifacts\`.`,
    );
  }
  return metrics;
}

/** tfjs's short names in the spelling that sweep files use: `acc` → `accuracy`, `val_mae` stays. */
export function normaliseMetricNames(logs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const renamed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(logs)) renamed[LONG_NAMES.get(name) ?? name] = value;
  return renamed;
}

const LONG_NAMES = new Map([
  ['acc', 'accuracy'],
  ['val_acc', 'val_accuracy'],
]);

function isTensor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'dataId' in value && 'dtype' in value;
}

function describe(value: unknown): string {
  if (isTensor(value)) return 'a tensor';
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 80))}`;
  if (value instanceof Promise) return 'a promise';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

function hint(value: unknown): string {
  if (isTensor(value)) return ' Read it first: `(await tensor.data())[0]`.';
  return value instanceof Promise ? ' Is an `await` missing?' : '';
}
