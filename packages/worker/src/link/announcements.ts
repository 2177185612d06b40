import type { RedisKeys, WorkerLinkEvents } from '@tfsweep/orchestrator/protocol';
import { decodeCommitted, decodeStopOrder } from '@tfsweep/orchestrator/protocol/redis';
import type { Redis } from 'ioredis';

/** What is pushed to a worker: wake-ups of the whole fleet, stops and acknowledgements of the sweeps it follows. */
export class Announcements {
  readonly #subscriber: Redis;
  readonly #keys: RedisKeys;
  readonly #events: WorkerLinkEvents;
  readonly #followed = new Map<string, Promise<unknown>>();
  readonly #handlers = new Map<string, (message: string) => void>();

  constructor(subscriber: Redis, keys: RedisKeys, events: WorkerLinkEvents) {
    this.#subscriber = subscriber;
    this.#keys = keys;
    this.#events = events;
  }

  async start(): Promise<void> {
    this.#subscriber.on('message', (channel, message) => this.#handlers.get(channel)?.(message));
    this.#handlers.set(this.#keys.wake, () => this.#events.onWake());
    await this.#subscriber.subscribe(this.#keys.wake);
  }

  /** From now on, and after each reconnection. Idempotent. */
  async follow(sweep: string): Promise<void> {
    let subscription = this.#followed.get(sweep);
    if (subscription === undefined) {
      subscription = this.#subscribe(sweep);
      this.#followed.set(sweep, subscription);
      subscription.catch(() => this.#followed.delete(sweep));
    }
    await subscription;
  }

  async unfollow(sweep: string): Promise<void> {
    this.#followed.delete(sweep);
    const channels = this.#channels(sweep);
    for (const channel of channels) this.#handlers.delete(channel);
    await this.#subscriber.unsubscribe(...channels);
  }

  async #subscribe(sweep: string): Promise<void> {
    const [stops, committed] = this.#channels(sweep);
    this.#handlers.set(stops, (message) => {
      const order = decodeStopOrder(message);
      if (order !== null) this.#events.onStop(sweep, order);
    });
    this.#handlers.set(committed, (message) => {
      for (const [runId, seq] of Object.entries(decodeCommitted(message))) {
        this.#events.onCommitted(sweep, runId, seq);
      }
    });
    await this.#subscriber.subscribe(stops, committed);
  }

  #channels(sweep: string): [stops: string, committed: string] {
    return [this.#keys.stopChannel(sweep), this.#keys.committedChannel(sweep)];
  }
}
