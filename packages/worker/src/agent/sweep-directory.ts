import type { SweepListing } from '@tfsweep/orchestrator/protocol';

export interface SweepDirectoryOptions {
  readonly list: () => Promise<readonly SweepListing[]>;
  /** With every answer; never while no server answers. */
  readonly onListings: (listings: readonly SweepListing[]) => void;
  readonly pollMs: number;
  /** Least time between two looks that are asked for. */
  readonly spacingMs: number;
}

/** Looks at the fleet's listings now and then, and soon where that is asked for; one look at a time. */
export class SweepDirectory {
  readonly #options: SweepDirectoryOptions;
  #timer: NodeJS.Timeout | null = null;
  #dueAt = Number.POSITIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking = false;
  #again = false;
  #closed = false;

  constructor(options: SweepDirectoryOptions) {
    this.#options = options;
  }

  /** Looks now, or as soon as the spacing allows. */
  look(): void {
    if (this.#looking) this.#again = true;
    else this.#lookAt(this.#lookedAt + this.#options.spacingMs);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #lookAt(time: number): void {
    if (this.#closed || time >= this.#dueAt) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#dueAt = time;
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, time - performance.now()));
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#again = false;
    this.#dueAt = Number.POSITIVE_INFINITY;
    const listings = await this.#options.list().catch(() => null);
    this.#looking = false;
    this.#lookedAt = performance.now();
    if (this.#closed) return;
    if (listings) this.#options.onListings(listings);
    this.#lookAt(this.#lookedAt + (this.#again ? this.#options.spacingMs : this.#options.pollMs));
  }
}
