import { TfsweepError } from '../errors.ts';
import { MAX_JOB_BYTES, type SignedJob, type StopOrder } from '../protocol/links.ts';

const MAX_REASON_LENGTH = 2_000;

/** @throws TfsweepError `JOB_TOO_LARGE` */
export function refuseLargeJobs(jobs: readonly SignedJob[]): void {
  for (const { jobId, payload } of jobs) {
    const bytes = Buffer.byteLength(payload);
    if (bytes <= MAX_JOB_BYTES) continue;
    throw new TfsweepError(
      'JOB_TOO_LARGE',
      `The job ${jobId} has ${bytes} bytes, more than the ${MAX_JOB_BYTES} that travel. Put large \`args\` into a file, and give its path.`,
    );
  }
}

/** The order as it travels: nothing but its own fields, and a reason that workers accept. */
export function wireOrder({ trial, attempt, runId, reason }: StopOrder): StopOrder {
  return { trial, attempt, runId, reason: reason.slice(0, MAX_REASON_LENGTH) };
}
