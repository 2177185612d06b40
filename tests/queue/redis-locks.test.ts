import { randomUUID } from 'node:crypto';
import {
  jobId,
  queueName,
  redisKeys,
  type SweepListing,
  type TrialQueue,
} from '@tfsweep/orchestrator/protocol';
import { createRedisTrialQueue } from '@tfsweep/orchestrator/queue';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRedisWorkerLink } from '../../packages/worker/src/link/redis-worker-link.ts';
import { lacksRedis, type PrivateRedis, startPrivateRedis } from './private-redis.ts';
import { eventually, jobsOf, listingOf, Recorder } from './queue-driver.ts';

describe.skipIf(await lacksRedis())('locks on jobs', () => {
  const keys = redisKeys('tfsweep');
  let redis: PrivateRedis;
  let sweep: string;
  let listing: SweepListing;
  let queue: TrialQueue;

  beforeAll(async () => {
    redis = await startPrivateRedis();
  });
  afterAll(async () => {
    await redis.close();
  });
  beforeEach(async () => {
    sweep = randomUUID();
    listing = listingOf(sweep);
    queue = await createRedisTrialQueue(redis.target, sweep);
    await queue.open(listing);
  });
  afterEach(async () => {
    await queue.close({ forget: true });
  });

  const lockOf = (id: string): string => `${keys.bull}:${queueName(sweep)}:${id}:lock`;

  it('a job whose worker went away leaves the queue, and is given to nobody a second time', async () => {
    const [lost, waiting] = jobsOf(sweep, [0, 1]);
    await queue.enqueue([lost!, waiting!]);
    const dying = createRedisWorkerLink(redis.target, {
      lockMs: 100,
      renewMs: 60_000,
      stalledCheckMs: 20,
    });
    await dying.open(new Recorder());
    await dying.take(listing);
    await dying.close();

    const living = createRedisWorkerLink(redis.target, {
      lockMs: 10_000,
      renewMs: 60_000,
      stalledCheckMs: 20,
    });
    await living.open(new Recorder());
    expect((await living.take(listing))?.jobId).toBe(waiting!.jobId);
    await eventually(async () => {
      expect(await living.take(listing)).toBeNull();
      expect(await queue.present()).toEqual(new Set([waiting!.jobId]));
    });
    await living.close();
  });

  it('are renewed as long as the job is held', async () => {
    await queue.enqueue(jobsOf(sweep, [0]));
    const link = createRedisWorkerLink(redis.target, { lockMs: 5_000, renewMs: 20, stalledCheckMs: 60_000 });
    await link.open(new Recorder());
    const job = await link.take(listing);
    const lock = lockOf(jobId(sweep, 0, 1));
    await redis.admin.pexpire(lock, 1_000);
    await eventually(async () => expect(await redis.admin.pttl(lock)).toBeGreaterThan(1_000));
    await job?.release();
    expect(await redis.admin.exists(lock)).toBe(0);
    await link.close();
  });

  it('that another worker took over do not keep a job from being released quietly', async () => {
    await queue.enqueue(jobsOf(sweep, [0]));
    const link = createRedisWorkerLink(redis.target);
    await link.open(new Recorder());
    const job = await link.take(listing);
    await redis.admin.set(lockOf(jobId(sweep, 0, 1)), 'somebody else');
    await job?.release();
    expect(await queue.present()).toEqual(new Set([jobId(sweep, 0, 1)]));
    await link.close();
  });
});
