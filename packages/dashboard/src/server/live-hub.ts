import type { StoreStatus, SweepEntry } from '../wire.ts';
import type { StoreHandle } from './store-handle.ts';
import { SweepFeed } from './sweep-feed.ts';
import { sweepEntry, sweepView } from './views.ts';

const POLL_MS = 250;
/** Between two readings passes this many times as long as the last one took. */
const IDLE_SHARE = 5;
/** The first reading of a large sweep says nothing about the next, which reads only what changed. */
const MAX_PAUSE_MS = 2_000;
/** How long a feed outlives its last listener, so that a page that was away for a moment goes on where it was. */
const LINGER_MS = 60_000;

/** What the store last showed, as texts that are sent as they are. */
export interface Overview {
  readonly status: string;
  readonly sweeps: string;
  /** The listened-to sweeps by what they were asked for as. */
  readonly views: ReadonlyMap<string, string>;
}

export interface Subscription {
  /** null before the first reading. */
  overview(): Overview | null;
  /** null while the sweep is not there. */
  feed(): SweepFeed | null;
  /** Settles when there is something new since the last call, after `timeoutMs` at the latest. */
  news(timeoutMs: number): Promise<'news' | 'silence' | 'ended'>;
  end(): void;
}

interface Subscriber {
  readonly sweep: string;
  stale: boolean;
  ended: boolean;
  wake: () => void;
}

/** Watches the store while somebody listens, reads once what several listeners need, and wakes them. */
export class LiveHub {
  readonly #handle: StoreHandle;
  readonly #log: (line: string) => void;
  readonly #subscribers = new Set<Subscriber>();
  /** By sweep id. */
  readonly #feeds = new Map<string, { feed: SweepFeed; lastUse: number }>();
  /** Name or id that is listened to → id. */
  #ids = new Map<string, string>();
  #overview: Overview | null = null;
  #generation = 0;
  #loop: Promise<void> | null = null;
  #poke: () => void = () => {};
  #mustRead = false;
  #closed = false;

  constructor(handle: StoreHandle, log: (line: string) => void) {
    this.#handle = handle;
    this.#log = log;
  }

  /** `sweep`: name or id; it may appear later. */
  subscribe(sweep: string): Subscription {
    const subscriber: Subscriber = { sweep, stale: true, ended: this.#closed, wake: () => {} };
    this.#subscribers.add(subscriber);
    this.#mustRead = true;
    this.#poke();
    this.#loop ??= this.#watch()
      .catch((error: unknown) => {
        // A defect here must not end a sweep that runs in this process. Pages connect again by themselves.
        this.#log(`dashboard: ${error instanceof Error ? error.stack : error}`);
        for (const listener of this.#subscribers) this.#end(listener);
      })
      .finally(() => {
        this.#loop = null;
      });
    return {
      // Until this sweep was looked for, what others were shown says nothing about it.
      overview: () => (this.#overview?.views.has(sweep) ? this.#overview : null),
      feed: () => this.#feeds.get(this.#ids.get(sweep) ?? '')?.feed ?? null,
      news: (timeoutMs) => waitForNews(subscriber, timeoutMs),
      end: () => this.#end(subscriber),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const subscriber of this.#subscribers) this.#end(subscriber);
    await this.#loop;
  }

  #end(subscriber: Subscriber): void {
    subscriber.ended = true;
    subscriber.wake();
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.#poke();
  }

  async #watch(): Promise<void> {
    let stamp: string | null = null;
    while (this.#subscribers.size > 0) {
      const startedAt = performance.now();
      // Taken before the reading: what is committed meanwhile is then read once more.
      const seen = this.#handle.stamp();
      if (seen !== stamp || this.#mustRead) {
        stamp = seen;
        this.#mustRead = false;
        await this.#read();
        for (const subscriber of this.#subscribers) {
          subscriber.stale = true;
          subscriber.wake();
        }
      }
      const spentMs = performance.now() - startedAt;
      await this.#pause(Math.min(Math.max(POLL_MS, spentMs * IDLE_SHARE), MAX_PAUSE_MS));
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.#mustRead || this.#subscribers.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#poke = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #read(): Promise<void> {
    const reading = this.#handle.read((store) => store.sweeps());
    if (this.#handle.generation !== this.#generation) {
      this.#generation = this.#handle.generation;
      this.#feeds.clear();
    }
    const rows = reading.kind === 'ready' ? reading.value : [];
    const views = new Map<string, string>();
    this.#ids = new Map();
    for (const { sweep } of this.#subscribers) {
      const row = rows.find((candidate) => candidate.name === sweep || candidate.id === sweep);
      views.set(sweep, row ? JSON.stringify(sweepView(row)) : 'null');
      if (row) this.#ids.set(sweep, row.id);
    }
    const status: StoreStatus = reading.kind === 'ready' ? { kind: 'ready' } : reading;
    const entries: SweepEntry[] = rows.map(sweepEntry);
    this.#overview = { status: JSON.stringify(status), sweeps: JSON.stringify(entries), views };
    if (reading.kind === 'ready') await this.#refreshFeeds();
  }

  async #refreshFeeds(): Promise<void> {
    const now = Date.now();
    for (const id of new Set(this.#ids.values())) {
      const kept = this.#feeds.get(id) ?? { feed: new SweepFeed(id), lastUse: now };
      kept.lastUse = now;
      this.#feeds.set(id, kept);
      await kept.feed.refresh(this.#handle);
    }
    for (const [id, { lastUse }] of this.#feeds) if (now - lastUse > LINGER_MS) this.#feeds.delete(id);
  }
}

async function waitForNews(subscriber: Subscriber, timeoutMs: number): Promise<'news' | 'silence' | 'ended'> {
  if (!subscriber.stale && !subscriber.ended) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      subscriber.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  if (subscriber.ended) return 'ended';
  const result = subscriber.stale ? 'news' : 'silence';
  subscriber.stale = false;
  return result;
}
