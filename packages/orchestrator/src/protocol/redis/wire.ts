import { z } from 'zod';
import { MAX_JOB_BYTES, type SignedJob, type StopOrder, type SweepListing } from '../links.ts';

/** What stands in Redis is written by whoever has its password: nothing of it is trusted until it is checked. */

const sweepListing = z.strictObject({
  id: z.uuid(),
  name: z.string().min(1).max(200),
  epoch: z.string().min(1).max(200),
  root: z.string().max(200).nullable(),
  gpusPerTrial: z.union([z.number().int().min(0), z.literal('auto')]),
  trialsPerGpu: z.number().int().min(1),
  keepOff: z.array(z.string().max(200)).max(10_000).optional(),
  drain: z.array(z.string().max(200)).max(10_000).optional(),
  priority: z.number().positive().max(1_000).optional(),
  protocol: z.number().int(),
}) satisfies z.ZodType<SweepListing>;

const stopOrder = z.strictObject({
  trial: z.number().int().min(0),
  attempt: z.number().int().min(1),
  runId: z.string().max(64).nullable(),
  reason: z.string().max(2_000),
}) satisfies z.ZodType<StopOrder>;

const committed = z.record(z.string().max(64), z.number().int().min(0));

/** BullMQ's `data` of a trial's job. */
export const jobData = z.object({
  payload: z.string().refine((text) => Buffer.byteLength(text) <= MAX_JOB_BYTES),
  signature: z.string().max(200),
}) satisfies z.ZodType<Omit<SignedJob, 'jobId'>>;
export type JobData = z.infer<typeof jobData>;

/** @returns null for what is no listing. */
export const decodeListing = (text: string): SweepListing | null => decode(sweepListing, text);
/** @returns null for what is no order. */
export const decodeStopOrder = (text: string): StopOrder | null => decode(stopOrder, text);
/** @returns run id → seq; empty for what is no acknowledgement. */
export const decodeCommitted = (text: string): Record<string, number> => decode(committed, text) ?? {};

/** Field of an attempt's orders in the hash of stop orders. */
export function stopField(run: { readonly trial: number; readonly attempt: number }): string {
  return `${run.trial}:${run.attempt}`;
}

/** Whether an order concerns this run: it names it, or the whole attempt. */
export function concerns(order: StopOrder, runId: string): boolean {
  return order.runId === null || order.runId === runId;
}

function decode<T>(schema: z.ZodType<T>, text: string): T | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const result = schema.safeParse(parsed);
  return result.success ? result.data : null;
}
