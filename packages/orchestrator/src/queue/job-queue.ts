import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueName, type RedisKeys } from '../protocol/keys.ts';
import type { JobData } from '../protocol/redis/index.ts';

const DROP_ATTEMPTS = 5;
/** Only the sweep's loop opens another attempt, and SQLite keeps the history. */
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

export type JobQueue = Queue<JobData>;

/** BullMQ's queue of one sweep, from the orchestrator's end. */
export function jobQueue(redis: Redis, keys: RedisKeys, sweep: string): JobQueue {
  const jobs = new Queue<JobData>(queueName(sweep), {
    connection: redis,
    prefix: keys.bull,
    skipVersionCheck: true,
    skipMetasUpdate: true,
    defaultJobOptions: JOB_OPTIONS,
  });
  jobs.on('error', () => {
    // The same failure reaches the caller of the method it happened in, or the connection comes back.
  });
  return jobs;
}

/** All of them, those in workers' hands too, and whatever else BullMQ keeps of the queue. */
export async function dropJobs(jobs: JobQueue): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await jobs.obliterate({ force: true });
      return;
    } catch (error) {
      // BullMQ pauses the queue first; a flush between the two lifts that.
      if (attempt === DROP_ATTEMPTS || !/non-paused/.test((error as Error).message)) throw error;
    }
  }
}
