import {
  PROTOCOL_VERSION,
  type StopOrder,
  type SweepListing,
  type WorkerInfo,
  type WorkerLink,
} from '@tfsweep/orchestrator/protocol';
import { missingRoot } from './admission.ts';
import { Outbox } from './outbox.ts';

export interface ServedSweepOptions {
  readonly link: WorkerLink;
  readonly resendMs: number;
  readonly onStops: (orders: readonly StopOrder[]) => void;
  /** The listing is not what it was: ask for the listings again. */
  readonly onLost: () => void;
}

/** Memory for events is bounded: a report holds some hundred bytes. */
const OUTBOX_LIMIT = 10_000;
/** One unsigned job is somebody's mischief; several in a row mean that this worker has another secret. */
const MAX_UNTRUSTED = 3;

/** What the agent knows of one sweep, from when it is first listed. */
export class ServedSweep {
  readonly outbox: Outbox;
  readonly #options: ServedSweepOptions;
  #listing: SweepListing;
  #unlistedSince: number | null = null;
  #refusal: string | null = null;
  #untrusted = 0;
  #heartbeatUnderWay = false;

  constructor(listing: SweepListing, options: ServedSweepOptions) {
    this.#listing = listing;
    this.#options = options;
    this.outbox = new Outbox({
      send: (events) => options.link.send(this.#listing, events),
      onStops: options.onStops,
      onLost: options.onLost,
      resendMs: options.resendMs,
      limit: OUTBOX_LIMIT,
    });
  }

  get listing(): SweepListing {
    return this.#listing;
  }

  /** Why this worker takes no (more) jobs of it; null: it does. */
  get refusal(): string | null {
    return this.#refusal;
  }

  refuse(reason: string): void {
    this.#refusal ??= reason;
  }

  /** @returns whether the stream is a new one, in which nothing of ours is yet. */
  listed(listing: SweepListing): boolean {
    const renewed = listing.epoch !== this.#listing.epoch;
    this.#listing = listing;
    this.#unlistedSince = null;
    if (renewed) this.outbox.resend();
    return renewed;
  }

  unlisted(now: number): void {
    this.#unlistedSince ??= now;
  }

  /** Milliseconds since it was listed last; 0 while it is. */
  unlistedMs(now: number): number {
    return this.#unlistedSince === null ? 0 : now - this.#unlistedSince;
  }

  /** @returns whether this worker should take no more of it. */
  sawUntrusted(): boolean {
    this.#untrusted += 1;
    return this.#untrusted >= MAX_UNTRUSTED;
  }

  sawGenuine(): void {
    this.#untrusted = 0;
  }

  /** Never kept, never sent again; one at a time, so that a slow server is not given ever more of them. */
  async heartbeat(worker: WorkerInfo, runs: readonly string[], draining: boolean): Promise<void> {
    if (this.#heartbeatUnderWay) return;
    this.#heartbeatUnderWay = true;
    try {
      const reply = await this.#options.link.send(this.#listing, [
        { type: 'heartbeat', worker, runs: [...runs], draining },
      ]);
      if (reply.stops.length > 0) this.#options.onStops(reply.stops);
      if (reply.lost) this.#options.onLost();
    } catch {
      // The next one tells as much.
    } finally {
      this.#heartbeatUnderWay = false;
    }
  }
}

/** Why a worker can't serve a sweep, from its listing alone; null: it can. */
export function unservable(
  listing: SweepListing,
  worker: { readonly roots: ReadonlyMap<string, string>; readonly hasGpus: boolean },
): string | null {
  if (listing.protocol !== PROTOCOL_VERSION) {
    return `its orchestrator speaks protocol ${listing.protocol}, this worker ${PROTOCOL_VERSION}: install one version on both`;
  }
  if (listing.root !== null && !worker.roots.has(listing.root)) return missingRoot(listing.root);
  if (listing.gpusPerTrial === 'auto' || listing.gpusPerTrial === 0) return null;
  if (!worker.hasGpus) return `a trial needs ${listing.gpusPerTrial} GPU(s), and this worker has none`;
  if (listing.gpusPerTrial > 1) return `a trial needs ${listing.gpusPerTrial} GPUs, and a slot has one`;
  return null;
}
