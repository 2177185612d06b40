import { z } from 'zod';

/** Raised whenever a message changes its meaning. Orchestrator and workers of different versions refuse each other. */
export const PROTOCOL_VERSION = 2;

const paramValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const name = z.string().min(1).max(200);

export const jobSchema = z.strictObject({
  protocol: z.literal(PROTOCOL_VERSION),
  sweep: z.uuid(),
  sweepName: name,
  trial: z.number().int().min(0),
  /** 1 for the first run of the trial. */
  attempt: z.number().int().min(1),
  params: z.record(z.string().max(200), paramValue),
  /** 0..2^32-1: seeds the runner's `Math.random` and `ctx.seed`; the same for every attempt of a trial. */
  seed: z.number().int().min(0).max(0xffffffff),
  trainer: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('declarative'), spec: z.record(z.string(), z.unknown()) }),
    z.strictObject({
      kind: z.literal('module'),
      /** Below the root, with `/`; workers check that it stays there. */
      path: z.string().min(1).max(4096),
      /** SHA-256 of the module's bytes, hex. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      args: z.record(z.string(), z.unknown()),
    }),
  ]),
  /** Name of the folder that paths are relative to; a worker maps it by `--root name=DIR`. */
  root: name,
  /** Train from step `from`, exclusive, to `to`; null: as long as the trainer wants. */
  budget: z.strictObject({
    unit: z.enum(['epochs', 'steps']),
    from: z.number().int().min(0),
    to: z.number().int().min(1).nullable(),
  }),
  timeLimitMs: z.number().int().min(1).nullable(),
  stopGraceMs: z.number().int().min(0),
  checkpointEvery: z.number().int().min(1).nullable(),
  /** A checkpoint to go on from: below the store's artifacts folder. */
  checkpoint: z.strictObject({ step: z.number().int().min(1), path: z.string().min(1).max(4096) }).nullable(),
});

/** One attempt of one trial, as it travels. */
export type Job = z.infer<typeof jobSchema>;

/** BullMQ takes no `:` in a job id. */
export function jobId(sweep: string, trial: number, attempt: number): string {
  return `${sweep}_${trial}_${attempt}`;
}
