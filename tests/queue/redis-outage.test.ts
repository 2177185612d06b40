import { randomUUID } from 'node:crypto';
import {
  jobId,
  type RedisTarget,
  type SweepListing,
  type TrialQueue,
  type WorkerLink,
} from '@tfsweep/orchestrator/protocol';
import { connectRedis, RedisUnavailableError } from '@tfsweep/orchestrator/protocol/redis';
import { createRedisTrialQueue } from '@tfsweep/orchestrator/queue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedisWorkerLink } from '../../packages/worker/src/link/index.ts';
import { lacksRedis, type PrivateRedis, startPrivateRedis } from './private-redis.ts';
import { eventually, jobsOf, listingOf, Recorder, readEvents, TestRun } from './queue-driver.ts';

async function serverPid(target: RedisTarget): Promise<number> {
  const redis = await connectRedis(target, 'commands');
  const pid = Number(/^process_id:(\d+)/m.exec(await redis.info('server'))?.[1]);
  redis.disconnect();
  return pid;
}

describe.skipIf(await lacksRedis())('a Redis that dies', () => {
  let redis: PrivateRedis;
  let sweep: string;
  let listing: SweepListing;
  let queue: TrialQueue;
  let link: WorkerLink;
  let told: Recorder;

  beforeEach(async () => {
    redis = await startPrivateRedis();
    sweep = randomUUID();
    listing = listingOf(sweep);
    queue = await createRedisTrialQueue(redis.target, sweep);
    await queue.open(listing);
    link = createRedisWorkerLink(redis.target);
    told = new Recorder();
    await link.open(told);
  });
  afterEach(async () => {
    await link.close();
    await queue.close({ forget: true }).catch(() => undefined);
    await redis.close();
  });

  const killAndWait = async (): Promise<void> => {
    const restarted = new Promise<void>((resolve) => redis.embedded.onRestart(resolve));
    process.kill(await serverPid(redis.target), 'SIGKILL');
    await restarted;
    await eventually(() => expect(told.connection.at(-1)).toBe(true));
    await eventually(async () => expect(await queue.present()).toEqual(new Set()));
  };

  it('and comes back empty is survived by both ends', async () => {
    await queue.enqueue(jobsOf(sweep, [0, 1]));
    const held = await link.take(listing);
    const run = new TestRun(sweep, 0);
    const started = run.started();
    await link.send(listing, [started]);
    const { wakes } = told;

    await killAndWait();
    expect(told.connection).toEqual([true, false, true]);
    expect(told.wakes).toBeGreaterThan(wakes);
    expect(await queue.read('', { limit: 10, waitMs: 10 })).toEqual({ kind: 'lost' });
    expect((await link.send(listing, [started])).lost).toBe(true);
    await held?.release();

    listing = listingOf(sweep);
    await queue.open(listing);
    await queue.enqueue(jobsOf(sweep, [1]));
    expect((await link.sweeps()).map(({ epoch }) => epoch)).toEqual([listing.epoch]);
    await link.send(listing, [started]);
    expect((await readEvents(queue, 1))[0]?.event).toEqual(started);
    expect((await link.take(listing))?.jobId).toBe(jobId(sweep, 1, 1));
    // Pushes reach the worker again as well.
    await queue.stop([run.stopOrder('pruned')]);
    await eventually(() => expect(told.stops).toEqual([run.stopOrder('pruned')]));
  });

  it('ends a read that waits with RedisUnavailableError', async () => {
    const reading = queue.read('', { limit: 10, waitMs: 60_000 });
    const failed = expect(reading).rejects.toBeInstanceOf(RedisUnavailableError);
    process.kill(await serverPid(redis.target), 'SIGKILL');
    await failed;
  });

  it('makes calls reject while it is away, and a job released meanwhile leaves when it is back', async () => {
    await queue.enqueue(jobsOf(sweep, [0]));
    const held = await link.take(listing);
    const down = new Promise<void>((resolve) => {
      told.onConnection = (up) => {
        told.connection.push(up);
        if (!up) resolve();
      };
    });
    // The connections alone are cut: what is in Redis stays.
    await redis.admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await down;
    const sending = link.send(listing, [new TestRun(sweep, 0).started()]);
    const releasing = held?.release();
    await expect(sending).rejects.toBeInstanceOf(RedisUnavailableError);
    await releasing;
    await eventually(async () => expect(await queue.present()).toEqual(new Set()));
    expect(told.connection).toEqual([true, false, true]);
  });
});
