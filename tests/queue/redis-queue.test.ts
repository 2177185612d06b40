import { createRedisTrialQueue } from '@tfsweep/orchestrator/queue';
import { describe } from 'vitest';
import { createRedisWorkerLink } from '../../packages/worker/src/link/index.ts';
import { describeTrialQueue } from './conformance.ts';
import { lacksRedis, startPrivateRedis } from './private-redis.ts';

describe.skipIf(await lacksRedis())('on Redis', () => {
  describeTrialQueue('the queue over Redis', async () => {
    const { target, admin, close } = await startPrivateRedis();
    return {
      queue: async (sweep) => await createRedisTrialQueue(target, sweep),
      link: () => createRedisWorkerLink(target),
      flush: async () => {
        await admin.flushall();
      },
      close,
    };
  });
});
