import type { TrialQueue, WorkerLink } from '../protocol/links.ts';
import { MemoryFleet } from './memory-fleet.ts';
import { MemoryQueueEnd } from './memory-queue-end.ts';
import { MemoryWorkerLink } from './memory-worker-link.ts';

/** Both ends of trial queues inside one process. */
export interface MemoryBroker {
  queue(sweepId: string): TrialQueue;
  link(): WorkerLink;
  /** Forgets everything, as `FLUSHALL` does to a Redis. */
  flush(): void;
}

/** The in-process twin of the Redis queue, with the same behaviour: for libraries, simulations and machines without Redis. */
export function createMemoryBroker(): MemoryBroker {
  const fleet = new MemoryFleet();
  return {
    queue: (sweepId) => new MemoryQueueEnd(fleet, sweepId),
    link: () => new MemoryWorkerLink(fleet),
    flush: () => fleet.flush(),
  };
}
