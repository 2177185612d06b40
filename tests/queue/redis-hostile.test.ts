import { randomUUID } from 'node:crypto';
import {
  jobId,
  MAX_EVENT_BYTES,
  MAX_JOB_BYTES,
  queueName,
  redisKeys,
  type SweepListing,
  type TrialQueue,
  type WorkerLink,
} from '@tfsweep/orchestrator/protocol';
import { createRedisTrialQueue } from '@tfsweep/orchestrator/queue';
import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRedisWorkerLink } from '../../packages/worker/src/link/index.ts';
import { lacksRedis, type PrivateRedis, startPrivateRedis } from './private-redis.ts';
import { eventually, jobsOf, listingOf, Recorder, TestRun } from './queue-driver.ts';

describe.skipIf(await lacksRedis())('what others write into Redis', () => {
  const keys = redisKeys('tfsweep');
  let redis: PrivateRedis;
  let sweep: string;
  let listing: SweepListing;
  let queue: TrialQueue;
  let link: WorkerLink;
  let told: Recorder;
  let foreign: Queue;

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
    link = createRedisWorkerLink(redis.target);
    told = new Recorder();
    await link.open(told);
    foreign = new Queue(queueName(sweep), { connection: redis.admin, prefix: keys.bull });
  });
  afterEach(async () => {
    await foreign.close();
    await link.close();
    await queue.close({ forget: true });
  });

  const jobKey = (id: string): string => `${keys.bull}:${queueName(sweep)}:${id}`;

  it.each([
    ['no object', 'text'],
    ['null', null],
    ['without a payload', { signature: 'ab' }],
    ['with a payload that is no text', { payload: { trial: 1 }, signature: 'ab' }],
    ['with a payload that is too large', { payload: 'x'.repeat(MAX_JOB_BYTES + 1), signature: 'ab' }],
    ['with an endless signature', { payload: '{}', signature: 'a'.repeat(10_000) }],
  ])('a job whose data is %s is dropped, and the next one taken', async (_case, data) => {
    await foreign.add('trial', data, { jobId: 'foreign_0' });
    await queue.enqueue(jobsOf(sweep, [1]));
    expect((await link.take(listing))?.jobId).toBe(jobId(sweep, 1, 1));
    expect(await queue.present()).toEqual(new Set([jobId(sweep, 1, 1)]));
  });

  it.each(['data', 'opts', 'parent'])(
    'a job with text that is no JSON as its %s is dropped, and the next one taken',
    async (field) => {
      await queue.enqueue(jobsOf(sweep, [0, 1]));
      await redis.admin.hset(jobKey(jobId(sweep, 0, 1)), field, '{ no JSON');
      expect((await link.take(listing))?.jobId).toBe(jobId(sweep, 1, 1));
      expect(await queue.present()).toEqual(new Set([jobId(sweep, 1, 1)]));
    },
  );

  it('events that are none are read as null, and those behind them as they are', async () => {
    const run = new TestRun(sweep, 0);
    await redis.admin.xadd(keys.events(sweep), '*', 'e', '{ no JSON');
    await redis.admin.xadd(keys.events(sweep), '*', 'e', '{"type":"started"}');
    await redis.admin.xadd(keys.events(sweep), '*', 'other', 'field');
    await redis.admin.xadd(keys.events(sweep), '*', 'e', `"${'x'.repeat(MAX_EVENT_BYTES)}"`);
    const started = run.started();
    await link.send(listing, [started]);
    const result = await queue.read('', { limit: 10, waitMs: 0 });
    expect(result.kind === 'events' && result.events.map(({ event }) => event)).toEqual([
      null,
      null,
      null,
      null,
      started,
    ]);
  });

  it('listings, stops and acknowledgements that are none are passed over', async () => {
    await redis.admin.hset(keys.sweeps, { a: '{ no JSON', b: '{"id":1}', c: 'null' });
    expect(await link.sweeps()).toEqual([listing]);
    await redis.admin.hdel(keys.sweeps, 'a', 'b', 'c');

    await link.take(listing);
    const run = new TestRun(sweep, 0);
    const order = run.stopOrder('pruned');
    await redis.admin.publish(keys.stopChannel(sweep), '{ no JSON');
    await redis.admin.publish(keys.committedChannel(sweep), '[1,2]');
    await redis.admin.hset(keys.stops(sweep), '0:1', 'no order\n{"trial":"x"}');
    await queue.stop([order]);
    await eventually(() => expect(told.stops).toEqual([order]));
    expect(told.committed).toEqual([]);
    expect((await link.send(listing, [run.started()])).stops).toEqual([order]);
  });

  it('another kind of value in place of the stream counts as its loss, and the next epoch replaces it', async () => {
    await redis.admin.set(keys.events(sweep), 'not a stream');
    expect(await queue.read('', { limit: 10, waitMs: 10 })).toEqual({ kind: 'lost' });
    const renewed = listingOf(sweep);
    await queue.open(renewed);
    expect(await link.send(renewed, [new TestRun(sweep, 0).started()])).toEqual({ stops: [], lost: false });
  });

  it('a deleted stream counts as lost at both ends, though its epoch is there', async () => {
    await redis.admin.del(keys.events(sweep));
    expect(await queue.read('', { limit: 10, waitMs: 10 })).toEqual({ kind: 'lost' });
    expect((await link.send(listing, [new TestRun(sweep, 0).started()])).lost).toBe(true);
  });
});
