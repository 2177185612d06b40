import { createMemoryBroker } from '@tfsweep/orchestrator/queue';
import { describeTrialQueue } from './conformance.ts';

describeTrialQueue('the queue in the process', async () => {
  const broker = createMemoryBroker();
  return {
    queue: async (sweep) => broker.queue(sweep),
    link: () => broker.link(),
    flush: async () => broker.flush(),
    close: async () => undefined,
  };
});
