import { queueName, type RedisKeys, type SignedJob } from '@tfsweep/orchestrator/protocol';
import { jobData, redisScript } from '@tfsweep/orchestrator/protocol/redis';
import { type Job as BullJob, createRedisBackend, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';

/** Times of the locks on jobs, in milliseconds. */
export interface LockTimes {
  /** A job whose lock was not renewed for so long has lost its worker. */
  readonly lockMs: number;
  readonly renewMs: number;
  /** How often jobs without a lock are looked for. */
  readonly stalledCheckMs: number;
}

/** A job that is ours as long as its lock is renewed. */
export interface HeldJob extends SignedJob {
  readonly bull: BullJob;
  readonly token: string;
}

/** Jobs that can't be used are dropped on the way; what lies behind more of them in a row is left to the next call. */
const MAX_DROPPED_AT_ONCE = 50;

/** KEYS: active, stalled. ARGV: prefix of job keys, lock token. Removes the job that was locked by the token. */
const dropByToken = redisScript(
  'tfsweepDropByToken',
  2,
  `for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
    local key = ARGV[1] .. id
    if redis.call('GET', key .. ':lock') == ARGV[2] then
      redis.call('LREM', KEYS[1], 1, id)
      redis.call('SREM', KEYS[2], id)
      redis.call('DEL', key, key .. ':lock')
    end
  end
  return 1`,
);

/** KEYS: meta, wait. ARGV: channel, sweep. Under a limit, a job that leaves lets another one go: somewhere. */
const wakeIfLimited = redisScript(
  'tfsweepWakeIfLimited',
  2,
  `if redis.call('HEXISTS', KEYS[1], 'concurrency') == 1 and redis.call('LLEN', KEYS[2]) > 0 then
    redis.call('PUBLISH', ARGV[1], ARGV[2])
  end
  return 1`,
);

/** One sweep's BullMQ queue as a worker sees it. Methods reject with what ioredis throws. */
export class SweepJobs {
  readonly #sweep: string;
  readonly #redis: Redis;
  readonly #wakeChannel: string;
  readonly #worker: Worker;
  readonly #times: LockTimes;
  readonly #held = new Set<HeldJob>();
  #unreleased: HeldJob[] = [];

  constructor(sweep: string, redis: Redis, keys: RedisKeys, times: LockTimes) {
    this.#sweep = sweep;
    this.#redis = redis;
    this.#wakeChannel = keys.wake;
    this.#times = times;
    this.#worker = new Worker(
      queueName(sweep),
      null,
      {
        connection: redis,
        prefix: keys.bull,
        autorun: false,
        lockDuration: times.lockMs,
        stalledInterval: times.stalledCheckMs,
        // Only the sweep's loop starts a trial again.
        maxStalledCount: 0,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
        skipVersionCheck: true,
      },
      // Without the connection of its own on which a worker waits for jobs: here it never waits.
      (name, options) => createRedisBackend(name, options),
    );
    this.#worker.on('error', () => {
      // Failures of calls reach their callers; those of the stalled check are repaired by the next one.
    });
    void this.#worker.startStalledCheckTimer();
  }

  get isIdle(): boolean {
    return this.#held.size === 0 && this.#unreleased.length === 0;
  }

  /** @param token unique for each call. @returns null where nothing waits, or the limit is reached. */
  async take(token: string): Promise<HeldJob | null> {
    for (let dropped = 0; dropped < MAX_DROPPED_AT_ONCE; dropped++) {
      const bull = await this.#fetch(`${token}.${dropped}`);
      if (bull === undefined) return null;
      if (bull === null) continue;
      const job = readJob(bull, `${token}.${dropped}`);
      if (job !== null) {
        this.#held.add(job);
        return job;
      }
      await this.#drop(bull, `${token}.${dropped}`);
    }
    return null;
  }

  /** The job leaves the queue; at once, or as soon as Redis is back. */
  async release(job: HeldJob): Promise<void> {
    if (!this.#held.delete(job)) return;
    try {
      await this.#finish(job);
    } catch {
      this.#unreleased.push(job);
    }
  }

  /** Redis is back: what could not leave before leaves now. */
  async settle(): Promise<void> {
    const jobs = this.#unreleased;
    this.#unreleased = [];
    for (const job of jobs) {
      this.#held.add(job);
      await this.release(job);
    }
  }

  /** One call for all jobs that are held. Locks that can't be renewed are no news here: leases decide what is lost. */
  async renewLocks(): Promise<void> {
    const jobs = [...this.#held];
    if (jobs.length === 0) return;
    await this.#worker.extendJobLocks(
      jobs.map(({ jobId }) => jobId),
      jobs.map(({ token }) => token),
      this.#times.lockMs,
    );
  }

  async close(): Promise<void> {
    await this.#worker.close(true);
  }

  /** undefined: nothing to fetch. null: what was fetched can't even be read, and is gone. */
  async #fetch(token: string): Promise<BullJob | undefined | null> {
    try {
      return await this.#worker.getNextJob(token, { block: false });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const { active, stalled } = this.#worker.keys;
      await dropByToken(this.#redis, [active!, stalled!], [this.#worker.toKey(''), token]);
      return null;
    }
  }

  async #drop(job: BullJob, token: string): Promise<void> {
    try {
      await job.moveToFailed(new UnrecoverableError('not a job of this protocol'), token, false);
    } catch (error) {
      if (!isNoLongerOurs(error)) throw error;
    }
  }

  async #finish({ bull, token }: HeldJob): Promise<void> {
    try {
      await bull.moveToCompleted(null, token, false);
    } catch (error) {
      if (!isNoLongerOurs(error)) throw error;
    }
    const { meta, wait } = this.#worker.keys;
    wakeIfLimited(this.#redis, [meta!, wait!], [this.#wakeChannel, this.#sweep]).catch(() => {
      // The next job that leaves, or the loop, wakes the others.
    });
  }
}

/** null: a job that stalled, which must not start a second time, or one that is none of ours. */
function readJob(bull: BullJob, token: string): HeldJob | null {
  const data = jobData.safeParse(bull.data);
  if (!data.success || bull.id === undefined || bull.deferredFailure !== undefined) return null;
  return { jobId: bull.id, ...data.data, bull, token };
}

/** BullMQ answers with negative codes: the job, its lock or its place among the active ones is gone. */
function isNoLongerOurs(error: unknown): boolean {
  const code: unknown = (error as { code?: unknown }).code;
  return typeof code === 'number' && code < 0;
}
