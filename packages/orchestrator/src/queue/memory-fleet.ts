import type { SignedJob, StopOrder, SweepListing, WorkerLinkEvents } from '../protocol/links.ts';

export interface StreamEntry {
  readonly id: number;
  readonly text: string;
}

/** A position as an id of this fleet; those of a Redis stream are `milliseconds-n`. */
export function idOf(position: string): number {
  if (position === '') return 0;
  const [first = '', n] = position.split('-');
  return n === undefined ? Number(first) : Number(first) * 1_000;
}

/** What Redis would hold of one sweep. */
export class MemorySweep {
  /** null: not served. */
  listing: SweepListing | null = null;
  /** null: there is no stream. */
  epoch: string | null = null;
  concurrency: number | null = null;
  waiting: SignedJob[] = [];
  /** Job id → the link that holds it. */
  readonly active = new Map<string, object>();
  stream: StreamEntry[] = [];
  /** Field of the attempt → its standing orders. */
  readonly stops = new Map<string, StopOrder[]>();
  /** Ends the wait of the read that is pending. */
  wakeReader: (() => void) | null = null;

  drop(): void {
    this.epoch = null;
    this.waiting = [];
    this.active.clear();
    this.stream = [];
    this.stops.clear();
  }
}

/** What Redis would be between the ends: the sweeps, and the channels to the links. */
export class MemoryFleet {
  readonly #sweeps = new Map<string, MemorySweep>();
  readonly #links = new Set<WorkerLinkEvents>();
  /** Grows from life to life, as the ids of a Redis stream do: a resumed sweep brings the position of its last one. */
  #lastId = Date.now() * 1_000;

  sweep(id: string): MemorySweep {
    let sweep = this.#sweeps.get(id);
    if (sweep === undefined) {
      sweep = new MemorySweep();
      this.#sweeps.set(id, sweep);
    }
    return sweep;
  }

  listings(): SweepListing[] {
    return [...this.#sweeps.values()].flatMap(({ listing }) => listing ?? []);
  }

  join(events: WorkerLinkEvents): void {
    this.#links.add(events);
  }

  leave(events: WorkerLinkEvents): void {
    this.#links.delete(events);
  }

  /** Tells all links, in a later turn of the event loop as a message through Redis would. */
  publish(tell: (events: WorkerLinkEvents) => void): void {
    setImmediate(() => {
      for (const events of this.#links) tell(events);
    });
  }

  wake(): void {
    this.publish((events) => events.onWake());
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  forget(sweepId: string): void {
    const sweep = this.#sweeps.get(sweepId);
    this.#sweeps.delete(sweepId);
    sweep?.wakeReader?.();
  }

  flush(): void {
    for (const sweep of this.#sweeps.values()) {
      sweep.drop();
      sweep.listing = null;
      sweep.wakeReader?.();
    }
  }
}
