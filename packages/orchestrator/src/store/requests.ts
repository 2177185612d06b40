import { z } from 'zod';

const number = z.number().int().min(0);
const param = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What may be asked of a sweep, by command line and dashboard alike. */
export const sweepRequestSchema = z.discriminatedUnion('kind', [
  /** Nothing new is begun; what runs goes on to its end. */
  z.strictObject({ kind: z.literal('pause') }),
  z.strictObject({ kind: z.literal('resume') }),
  z.strictObject({ kind: z.literal('stop') }),
  z.strictObject({ kind: z.literal('stop-trial'), number }),
  /** A failed or stopped trial once more, as a trial of its own. */
  z.strictObject({ kind: z.literal('retry'), number }),
  /** A trial of the user's; what the point leaves out is drawn. */
  z.strictObject({ kind: z.literal('enqueue'), params: z.record(z.string(), param) }),
  /** What `resume --set` may change, as `key=value`. */
  z.strictObject({ kind: z.literal('set'), set: z.array(z.string()).min(1) }),
  /** A worker, by name or id, finishes what it has and leaves. */
  z.strictObject({ kind: z.literal('drain-worker'), worker: z.string().min(1) }),
  /** A worker in quarantine gets trials again. */
  z.strictObject({ kind: z.literal('release-worker'), worker: z.string().min(1) }),
]);
export type SweepRequest = z.infer<typeof sweepRequestSchema>;

const REFUSED = 'refused: ';

/** The outcome of a request that was not carried out, and why. */
export function refusal(why: string): string {
  return REFUSED + why;
}

/** @returns why the request was not carried out, null where it was. */
export function refusalIn(outcome: string): string | null {
  return outcome.startsWith(REFUSED) ? outcome.slice(REFUSED.length) : null;
}
