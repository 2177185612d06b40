import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignedJob } from './links.ts';

/** HMAC-SHA-256 over the exact bytes that travel, so that no two readings of one JSON text can differ. */
function mac(payload: string, secret: string): Buffer {
  return createHmac('sha256', secret).update('tfsweep-job-1\n').update(payload).digest();
}

export function signJob(jobId: string, payload: string, secret: string): SignedJob {
  return { jobId, payload, signature: mac(payload, secret).toString('hex') };
}

export function isGenuine(job: SignedJob, secret: string): boolean {
  const given = Buffer.from(job.signature, 'hex');
  const expected = mac(job.payload, secret);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
