import type { Redis } from 'ioredis';
import type { RedisTarget } from '../protocol/agent.ts';
import { DEFAULT_KEY_PREFIX, type RedisKeys, redisKeys } from '../protocol/keys.ts';
import type { ReadResult, SignedJob, StopOrder, SweepListing, TrialQueue } from '../protocol/links.ts';
import {
  addStopOrders,
  type ConnectOptions,
  connectRedis,
  createStream,
  parseRedisTarget,
  publishCommitted,
  type RedisAddress,
  stopField,
  toRedisError,
} from '../protocol/redis/index.ts';
import { dropJobs, type JobQueue, jobQueue } from './job-queue.ts';
import { refuseLargeJobs, wireOrder } from './limits.ts';
import { ReportReader } from './report-reader.ts';

/** BullMQ's own event stream has no reader here: it is kept as short as it can be. */
const BULL_EVENTS_KEPT = 10;

/**
 * The orchestrator's end of a sweep over Redis: one BullMQ queue for the jobs, one stream for what workers report.
 *
 * @throws what `connectRedis` throws.
 */
export async function createRedisTrialQueue(
  target: RedisTarget,
  sweepId: string,
  options: ConnectOptions = {},
): Promise<TrialQueue> {
  const redis = await connectRedis(target, 'commands', options);
  try {
    return new RedisTrialQueue(target, sweepId, redis, await connectRedis(target, 'blocking'));
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

class RedisTrialQueue implements TrialQueue {
  readonly #sweep: string;
  readonly #address: RedisAddress;
  readonly #keys: RedisKeys;
  readonly #redis: Redis;
  readonly #jobs: JobQueue;
  readonly #reports: ReportReader;
  #concurrency: number | null = null;
  #closed: Promise<void> | null = null;

  constructor(target: RedisTarget, sweepId: string, redis: Redis, blocking: Redis) {
    this.#sweep = sweepId;
    this.#address = parseRedisTarget(target);
    this.#keys = redisKeys(target.prefix ?? DEFAULT_KEY_PREFIX);
    this.#redis = redis;
    this.#jobs = jobQueue(redis, this.#keys, sweepId);
    this.#reports = new ReportReader(blocking, redis, {
      events: this.#keys.events(sweepId),
      epoch: this.#keys.epoch(sweepId),
    });
  }

  async open(listing: SweepListing): Promise<void> {
    await this.#guard(async () => {
      const [epochKey, eventsKey, stopsKey] = this.#streamKeys();
      const epoch = await this.#redis.get(epochKey);
      const exists = await this.#redis.exists(eventsKey);
      if (epoch !== listing.epoch || exists === 0) {
        // Unlisted first: no worker takes what is about to be dropped.
        await this.#redis.hdel(this.#keys.sweeps, this.#sweep);
        await dropJobs(this.#jobs);
        await this.#writeLimits();
        await createStream(this.#redis, [epochKey, eventsKey, stopsKey], [listing.epoch]);
      }
      this.#reports.epoch = listing.epoch;
      await this.#redis.hset(this.#keys.sweeps, this.#sweep, JSON.stringify(listing));
      await this.#wake();
    });
  }

  async enqueue(jobs: readonly SignedJob[]): Promise<void> {
    if (jobs.length === 0) return;
    refuseLargeJobs(jobs);
    await this.#guard(async () => {
      await this.#jobs.addBulk(
        jobs.map(({ jobId, payload, signature }) => ({
          name: 'trial',
          data: { payload, signature },
          opts: { jobId },
        })),
      );
      await this.#wake();
    });
  }

  async withdraw(jobIds: readonly string[]): Promise<void> {
    await this.#guard(async () => {
      // BullMQ leaves locked jobs, those in a worker's hands, as they are.
      await Promise.all(jobIds.map((id) => this.#jobs.remove(id)));
    });
  }

  async present(): Promise<ReadonlySet<string>> {
    return await this.#guard(async () => new Set(await this.#jobs.getRanges(['wait', 'active'], 0, -1)));
  }

  async read(position: string, options: { limit: number; waitMs: number }): Promise<ReadResult> {
    return await this.#guard(async () => await this.#reports.read(position, options));
  }

  interrupt(): void {
    this.#reports.interrupt();
  }

  async committed(position: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
    await this.#guard(async () => {
      const [epochKey, eventsKey] = this.#streamKeys();
      await publishCommitted(
        this.#redis,
        [epochKey, eventsKey],
        [
          this.#reports.epoch,
          position === '' ? '' : idAfter(position),
          this.#keys.committedChannel(this.#sweep),
          JSON.stringify(Object.fromEntries(acknowledged)),
        ],
      );
    });
  }

  async stop(orders: readonly StopOrder[]): Promise<void> {
    if (orders.length === 0) return;
    await this.#guard(async () => {
      const fields = orders.flatMap((order) => [stopField(order), JSON.stringify(wireOrder(order))]);
      const channel = this.#keys.stopChannel(this.#sweep);
      await addStopOrders(this.#redis, [this.#keys.stops(this.#sweep)], [channel, ...fields]);
    });
  }

  async setConcurrency(limit: number | null): Promise<void> {
    this.#concurrency = limit;
    await this.#guard(async () => {
      await this.#writeLimits();
      await this.#wake();
    });
  }

  close(options: { forget: boolean }): Promise<void> {
    this.#closed ??= this.#close(options);
    return this.#closed;
  }

  async #close({ forget }: { forget: boolean }): Promise<void> {
    this.#reports.interrupt();
    try {
      await this.#guard(async () => {
        if (await this.#isForeign()) return;
        await this.#redis.hdel(this.#keys.sweeps, this.#sweep);
        if (forget) {
          await this.#redis.del(...this.#streamKeys());
          await dropJobs(this.#jobs);
        }
        await this.#wake();
      });
    } finally {
      await this.#jobs.close().catch(() => undefined);
      this.#reports.close();
      this.#redis.disconnect();
    }
  }

  /** Another orchestrator has opened the sweep since: it is no longer ours to end. */
  async #isForeign(): Promise<boolean> {
    const epoch = await this.#redis.get(this.#keys.epoch(this.#sweep));
    return epoch !== null && epoch !== this.#reports.epoch;
  }

  /** Kept across rebuilds: what Redis forgot is written again by `open`. */
  async #writeLimits(): Promise<void> {
    const backend = this.#jobs.getBackend();
    const limit = this.#concurrency;
    await backend.setQueueMeta({
      'opts.maxLenEvents': BULL_EVENTS_KEPT,
      ...(limit === null ? {} : { concurrency: limit }),
    });
    if (limit === null) await this.#jobs.removeGlobalConcurrency();
  }

  async #wake(): Promise<void> {
    await this.#redis.publish(this.#keys.wake, this.#sweep);
  }

  #streamKeys(): [epoch: string, events: string, stops: string] {
    return [this.#keys.epoch(this.#sweep), this.#keys.events(this.#sweep), this.#keys.stops(this.#sweep)];
  }

  async #guard<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw toRedisError(error, this.#address);
    }
  }
}

/** The smallest id of a Redis stream that is greater. */
function idAfter(position: string): string {
  const [milliseconds = '0', sequence = '0'] = position.split('-');
  return `${milliseconds}-${BigInt(sequence) + 1n}`;
}
