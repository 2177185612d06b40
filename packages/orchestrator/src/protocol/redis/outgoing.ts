import { TfsweepError } from '../../errors.ts';
import { encodeEvent, type Heartbeat, type RunEvent } from '../events.ts';
import { MAX_EVENT_BYTES, type StopOrder } from '../links.ts';
import { concerns, stopField } from './wire.ts';

/** @throws TfsweepError `EVENT_TOO_LARGE` */
export function encodeEvents(events: readonly (RunEvent | Heartbeat)[]): string[] {
  return events.map((event) => {
    const text = encodeEvent(event);
    const bytes = Buffer.byteLength(text);
    if (bytes <= MAX_EVENT_BYTES) return text;
    throw new TfsweepError(
      'EVENT_TOO_LARGE',
      `A ${event.type} event has ${bytes} bytes, more than the ${MAX_EVENT_BYTES} that travel. Report fewer metrics, or shorter texts.`,
    );
  });
}

/** Fields of stop orders that concern a batch, each with the batch's run ids of that attempt. */
export type BatchRuns = ReadonlyMap<string, ReadonlySet<string>>;

/** The unfinished runs that a link sends of: a heartbeat names runs by their id alone, stop orders are kept by attempt. */
export class SentRuns {
  readonly #fields = new Map<string, string>();

  in(events: readonly (RunEvent | Heartbeat)[]): BatchRuns {
    const batch = new Map<string, Set<string>>();
    const add = (field: string, runId: string): void => {
      const runs = batch.get(field);
      if (runs === undefined) batch.set(field, new Set([runId]));
      else runs.add(runId);
    };
    for (const event of events) {
      if (event.type === 'heartbeat') {
        for (const runId of event.runs) {
          const field = this.#fields.get(runId);
          if (field !== undefined) add(field, runId);
        }
        continue;
      }
      add(stopField(event), event.runId);
      if (event.type === 'finished') this.#fields.delete(event.runId);
      else this.#fields.set(event.runId, stopField(event));
    }
    return batch;
  }
}

/** Of an attempt's standing orders, those for runs of the batch. */
export function ordersFor(runs: ReadonlySet<string>, standing: readonly StopOrder[]): StopOrder[] {
  return standing.filter((order) => [...runs].some((runId) => concerns(order, runId)));
}
