import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { RedisTarget } from '../protocol/agent.ts';
import { DEFAULT_KEY_PREFIX, type RedisKeys, redisKeys } from '../protocol/keys.ts';
import {
  addStopOrders,
  connectRedis,
  parseRedisTarget,
  type RedisAddress,
  stopField,
  toRedisError,
} from '../protocol/redis/index.ts';
import { dropJobs, type JobQueue, jobQueue } from './job-queue.ts';

const POLL_MS = 100;

/** What Redis still holds of a sweep that no orchestrator runs. Only for the one who has its lease. */
export class AbandonedSweep {
  readonly #sweep: string;
  readonly #address: RedisAddress;
  readonly #keys: RedisKeys;
  readonly #redis: Redis;
  readonly #jobs: JobQueue;

  private constructor(target: RedisTarget, sweep: string, redis: Redis) {
    this.#sweep = sweep;
    this.#address = parseRedisTarget(target);
    this.#keys = redisKeys(target.prefix ?? DEFAULT_KEY_PREFIX);
    this.#redis = redis;
    this.#jobs = jobQueue(redis, this.#keys, sweep);
  }

  /** @throws what `connectRedis` throws. */
  static async open(target: RedisTarget, sweep: string): Promise<AbandonedSweep> {
    return new AbandonedSweep(target, sweep, await connectRedis(target, 'commands'));
  }

  /** No worker takes anything of it any more, and those that train a trial of it are told to stop. */
  async end(reason: string): Promise<void> {
    await this.#guard(async () => {
      await this.#redis.hdel(this.#keys.sweeps, this.#sweep);
      await this.#redis.publish(this.#keys.wake, this.#sweep);
      const orders = (await this.#held()).map(({ trial, attempt }) => {
        const order = { trial, attempt, runId: null, reason };
        return [stopField(order), JSON.stringify(order)];
      });
      if (orders.length === 0) return;
      const channel = this.#keys.stopChannel(this.#sweep);
      await addStopOrders(this.#redis, [this.#keys.stops(this.#sweep)], [channel, ...orders.flat()]);
    });
  }

  /** @returns how many trials are still in workers' hands, after `limitMs` at most. */
  async runsLeft(limitMs: number): Promise<number> {
    return await this.#guard(async () => {
      for (let waited = 0; ; waited += POLL_MS) {
        const left = (await this.#held()).length;
        if (left === 0 || waited >= limitMs) return left;
        await sleep(POLL_MS);
      }
    });
  }

  /** Nothing of it is left in Redis. */
  async forget(): Promise<void> {
    await this.#guard(async () => {
      const { epoch, events, stops } = this.#keys;
      await this.#redis.del(...[epoch, events, stops].map((key) => key(this.#sweep)));
      await dropJobs(this.#jobs);
    });
  }

  async close(): Promise<void> {
    await this.#jobs.close().catch(() => undefined);
    this.#redis.disconnect();
  }

  /** Jobs whose lock a worker renews: those of dead workers lose it within a minute. */
  async #held(): Promise<Array<{ trial: number; attempt: number }>> {
    const ids = await this.#jobs.getRanges(['active'], 0, -1);
    const locks = await Promise.all(ids.map((id) => this.#redis.exists(`${this.#jobs.toKey(id)}:lock`)));
    return ids.flatMap((id, index) => {
      const [trial, attempt] = id.split('_').slice(-2).map(Number);
      const isOurs = Number.isInteger(trial) && Number.isInteger(attempt);
      return locks[index] === 1 && isOurs ? [{ trial: trial!, attempt: attempt! }] : [];
    });
  }

  async #guard<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw toRedisError(error, this.#address);
    }
  }
}
