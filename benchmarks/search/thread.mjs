import { parentPort } from 'node:worker_threads';
import { runJob } from './job.mjs';

parentPort.on('message', (job) => {
  try {
    parentPort.postMessage({ result: runJob(job) });
  } catch (error) {
    parentPort.postMessage({
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
