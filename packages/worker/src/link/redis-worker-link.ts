import { randomUUID } from 'node:crypto';
import {
  DEFAULT_KEY_PREFIX,
  type Delivery,
  type Heartbeat,
  type RedisKeys,
  type RedisTarget,
  type RunEvent,
  redisKeys,
  type SendReply,
  type SweepListing,
  TfsweepError,
  type WorkerLink,
  type WorkerLinkEvents,
} from '@tfsweep/orchestrator/protocol';
import {
  appendEvents,
  connectRedis,
  decodeListing,
  decodeStopOrder,
  encodeEvents,
  ordersFor,
  parseRedisTarget,
  type RedisAddress,
  SentRuns,
  toRedisError,
} from '@tfsweep/orchestrator/protocol/redis';
import type { Redis } from 'ioredis';
import { Announcements } from './announcements.ts';
import { type LockTimes, SweepJobs } from './sweep-jobs.ts';

const DEFAULT_TIMES: LockTimes = { lockMs: 60_000, renewMs: 20_000, stalledCheckMs: 30_000 };

/** The worker's end over Redis: all sweeps of a fleet through one connection for calls and one for announcements. */
export function createRedisWorkerLink(target: RedisTarget, times: LockTimes = DEFAULT_TIMES): WorkerLink {
  return new RedisWorkerLink(target, times);
}

/** What `open` makes. */
interface Connections {
  readonly redis: Redis;
  readonly subscriber: Redis;
  readonly announcements: Announcements;
  readonly renewal: NodeJS.Timeout;
}

class RedisWorkerLink implements WorkerLink {
  readonly #target: RedisTarget;
  readonly #times: LockTimes;
  readonly #address: RedisAddress;
  readonly #keys: RedisKeys;
  readonly #runs = new SentRuns();
  readonly #jobs = new Map<string, SweepJobs>();
  /** Of this link's lock tokens. */
  readonly #id = randomUUID();
  #taken = 0;
  #connections: Connections | null = null;
  #isUp = true;

  constructor(target: RedisTarget, times: LockTimes) {
    this.#target = target;
    this.#times = times;
    this.#address = parseRedisTarget(target);
    this.#keys = redisKeys(target.prefix ?? DEFAULT_KEY_PREFIX);
  }

  async open(events: WorkerLinkEvents): Promise<void> {
    const redis = await connectRedis(this.#target, 'commands');
    let subscriber: Redis | null = null;
    try {
      subscriber = await connectRedis(this.#target, 'subscriber');
      const announcements = new Announcements(subscriber, this.#keys, events);
      await announcements.start();
      const renewal = setInterval(() => void this.#renew(), this.#times.renewMs);
      this.#connections = { redis, subscriber, announcements, renewal };
      for (const connection of [redis, subscriber]) {
        connection.on('ready', () => this.#onConnectionChange(events));
        connection.on('close', () => this.#onConnectionChange(events));
      }
    } catch (error) {
      subscriber?.disconnect();
      redis.disconnect();
      throw toRedisError(error, this.#address);
    }
    events.onConnection(true, this.#address.shown);
  }

  async sweeps(): Promise<readonly SweepListing[]> {
    const { redis } = this.#open();
    return await this.#guard(async () => {
      const texts = Object.values(await redis.hgetall(this.#keys.sweeps));
      const listings = texts.flatMap((text) => decodeListing(text) ?? []);
      await this.#forgetAllBut(new Set(listings.map(({ id }) => id)));
      return listings;
    });
  }

  async take({ id }: SweepListing): Promise<Delivery | null> {
    const { redis, announcements } = this.#open();
    return await this.#guard(async () => {
      // A queue that BullMQ opens now would wait for the connection instead.
      if (redis.status !== 'ready') throw new Error('Connection is closed.');
      const jobs = this.#jobsOf(id);
      // Before the job: a stop must not pass by between its start and the subscription.
      await announcements.follow(id);
      this.#taken += 1;
      const job = await jobs.take(`${this.#id}:${this.#taken}`);
      if (job === null) return null;
      const { jobId, payload, signature } = job;
      return { jobId, payload, signature, release: () => jobs.release(job) };
    });
  }

  async send({ id, epoch }: SweepListing, events: readonly (RunEvent | Heartbeat)[]): Promise<SendReply> {
    const { redis } = this.#open();
    const texts = encodeEvents(events);
    const batch = this.#runs.in(events);
    const fields = [...batch.keys()];
    const keys = [this.#keys.epoch(id), this.#keys.events(id), this.#keys.stops(id)];
    const reply = await this.#guard(() =>
      appendEvents(redis, keys, [epoch, texts.length, ...texts, ...fields]),
    );
    if (!Array.isArray(reply)) return { stops: [], lost: true };
    const stops = fields.flatMap((field, index) => {
      const lines: unknown = reply[index];
      const standing =
        typeof lines === 'string' ? lines.split('\n').flatMap((line) => decodeStopOrder(line) ?? []) : [];
      return ordersFor(batch.get(field)!, standing);
    });
    return { stops, lost: false };
  }

  async close(): Promise<void> {
    const connections = this.#connections;
    if (connections === null) return;
    this.#connections = null;
    clearInterval(connections.renewal);
    await Promise.all([...this.#jobs.values()].map((jobs) => jobs.close()));
    this.#jobs.clear();
    connections.subscriber.disconnect();
    connections.redis.disconnect();
  }

  #open(): Connections {
    if (this.#connections !== null) return this.#connections;
    throw new TfsweepError('LINK_CLOSED', 'The connection to the queue is not open.');
  }

  #jobsOf(sweep: string): SweepJobs {
    let jobs = this.#jobs.get(sweep);
    if (jobs === undefined) {
      jobs = new SweepJobs(sweep, this.#open().redis, this.#keys, this.#times);
      this.#jobs.set(sweep, jobs);
    }
    return jobs;
  }

  async #forgetAllBut(served: ReadonlySet<string>): Promise<void> {
    for (const [sweep, jobs] of this.#jobs) {
      if (served.has(sweep) || !jobs.isIdle) continue;
      this.#jobs.delete(sweep);
      await jobs.close();
      await this.#open().announcements.unfollow(sweep);
    }
  }

  async #renew(): Promise<void> {
    // The subscriber has nothing to say for long: only by asking it is a dead connection found.
    this.#connections?.subscriber.ping().catch(() => undefined);
    for (const jobs of this.#jobs.values()) {
      await jobs.renewLocks().catch(() => {
        // Renewed the next time, if Redis is back before the lock has run out.
      });
    }
  }

  #onConnectionChange(events: WorkerLinkEvents): void {
    if (this.#connections === null) return;
    const { redis, subscriber } = this.#connections;
    const isUp = redis.status === 'ready' && subscriber.status === 'ready';
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    events.onConnection(isUp, this.#address.shown);
    if (!isUp) return;
    for (const jobs of this.#jobs.values()) void jobs.settle();
    // What was announced meanwhile has passed by.
    events.onWake();
  }

  async #guard<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw toRedisError(error, this.#address);
    }
  }
}
