import { z } from 'zod';

/** What a checkpoint of a declarative trainer keeps beside model and optimizer. */
export const trialStateSchema = z.object({
  plateau: z.object({ best: z.number().nullable(), waited: z.number(), factor: z.number() }).nullable(),
  stopping: z
    .object({
      progress: z.object({ best: z.number().nullable(), epoch: z.number(), waited: z.number() }),
      /** Of the best epoch; weights as base64. */
      kept: z.object({ weights: z.string(), metrics: z.record(z.string(), z.number()) }).nullable(),
    })
    .nullable(),
});
export type TrialState = z.infer<typeof trialStateSchema>;

/** null where there is none, or one of another version. */
export function readTrialState(extra: unknown): TrialState | null {
  return trialStateSchema.safeParse(extra).data ?? null;
}
