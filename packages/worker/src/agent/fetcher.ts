import type { Delivery, SweepListing } from '@tfsweep/orchestrator/protocol';
import { Rotation } from './rotation.ts';

export interface FetcherOptions {
  /** Slots that could start a trial now, less those that what was fetched before will need. */
  readonly freeSlots: () => number;
  readonly take: (listing: SweepListing) => Promise<Delivery | null>;
  readonly onDelivery: (listing: SweepListing, delivery: Delivery) => void;
}

/** Fetches jobs into free slots, and only into these: a job in our hands is one that no other worker can have. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #rotation = new Rotation();
  readonly #listings = new Map<string, SweepListing>();
  /** Sweeps that had nothing, until the next wake. */
  readonly #dry = new Set<string>();
  /** Counts wakes: a `take` that began before the last one says nothing about what is there now. */
  #wakes = 0;
  #inFlight = 0;
  /** Takes at once: doubled by each job found, so that one new job does not set off a take from every slot. */
  #width = 1;
  #closed = false;
  readonly #onSettled: (() => void)[] = [];

  constructor(options: FetcherOptions) {
    this.#options = options;
  }

  /** Fetches from this sweep too, from the next wake on; its listing may be a newer one. */
  serve(listing: SweepListing): void {
    this.#listings.set(listing.id, listing);
    this.#rotation.set(listing.id, listing.priority ?? 1);
  }

  dismiss(id: string): void {
    this.#listings.delete(id);
    this.#rotation.delete(id);
    this.#dry.delete(id);
  }

  /** There may be something where there was nothing. */
  wake(): void {
    this.#wakes += 1;
    this.#dry.clear();
    this.fill();
  }

  /** A slot has become free. */
  fill(): void {
    while (!this.#closed && this.#inFlight < this.#width && this.#options.freeSlots() - this.#inFlight > 0) {
      const id = this.#rotation.next((candidate) => !this.#dry.has(candidate));
      if (id === null) return;
      this.#inFlight += 1;
      void this.#take(this.#listings.get(id)!, this.#wakes);
    }
  }

  /** No more takes. Resolves when none is on its way; what these bring is still delivered. */
  close(): Promise<void> {
    this.#closed = true;
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onSettled.push(resolve));
  }

  async #take(listing: SweepListing, wakes: number): Promise<void> {
    // A server that does not answer has nothing; the link says when it is back.
    const delivery = await this.#options.take(listing).catch(() => null);
    this.#inFlight -= 1;
    if (delivery) {
      this.#width = Math.min(2 * this.#width, 64);
      this.#options.onDelivery(listing, delivery);
    } else {
      this.#width = 1;
      this.#rotation.refund(listing.id);
      if (wakes === this.#wakes) this.#dry.add(listing.id);
    }
    this.fill();
    if (this.#inFlight === 0) for (const resolve of this.#onSettled.splice(0)) resolve();
  }
}
