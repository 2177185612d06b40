import { z } from 'zod';

/** JSON has no NaN and no infinity; a metric may be either, and the difference matters. */
const metricValue = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform((text) => Number(text)),
]);
export const MAX_METRIC_NAME_CHARS = 200;
const metrics = z.record(z.string().max(MAX_METRIC_NAME_CHARS), metricValue);

/** Together, with every character escaped, they stay below `MAX_EVENT_BYTES`: an event that does not is never read. */
export const MAX_ERROR_MESSAGE_CHARS = 8_000;
export const MAX_ERROR_STACK_CHARS = 30_000;
export const MAX_ERROR_PLACE_CHARS = 1_000;
export const MAX_REASON_CHARS = 2_000;

export const trialErrorSchema = z.strictObject({
  /**
   * throw: the trainer threw. timeout: `trial_wallclock`. memory: out of memory. crash: the runner ended by itself.
   * nan: the metric was NaN. no_metric: it was never reported. trainer: the module or its spec could not be loaded.
   */
  kind: z.enum(['throw', 'timeout', 'memory', 'crash', 'nan', 'no_metric', 'trainer', 'diverged']),
  message: z.string().max(MAX_ERROR_MESSAGE_CHARS),
  stack: z.string().max(MAX_ERROR_STACK_CHARS).optional(),
  /** The trainer's own line, where one was found: `train.ts:12:7`. */
  at: z.string().max(MAX_ERROR_PLACE_CHARS).optional(),
});
export type TrialError = z.infer<typeof trialErrorSchema>;

const run = {
  sweep: z.uuid(),
  trial: z.number().int().min(0),
  attempt: z.number().int().min(1),
  /** Drawn at random for each delivery of a job: tells two copies of one attempt apart. */
  runId: z.string().min(8).max(64),
  /** 1, 2, 3 … per run id: with it an event is unique. */
  seq: z.number().int().min(1),
  /** Milliseconds since 1970 on the worker's clock: for display alone. */
  at: z.number(),
};

const startedEvent = z.strictObject({
  ...run,
  type: z.literal('started'),
  /** `WorkerInfo.id` and `WorkerInfo.name`. */
  workerId: z.string().min(1).max(200),
  worker: z.string().min(1).max(200),
  slot: z.number().int().min(0),
  /** GPUs that the run computes on; a share of one where several slots train on it, 0 on the cores. */
  gpus: z.number().min(0).max(1_000),
  backend: z.string().max(100),
});
const reportEvent = z.strictObject({
  ...run,
  type: z.literal('report'),
  step: z.number().int().min(1),
  values: metrics,
});
const checkpointEvent = z.strictObject({
  ...run,
  type: z.literal('checkpoint'),
  step: z.number().int().min(1),
  /** Relative to the store's artifacts folder. */
  path: z.string().max(4096),
});
const finishedEvent = z.strictObject({
  ...run,
  type: z.literal('finished'),
  outcome: z.discriminatedUnion('kind', [
    /** `values`: what the trainer returned; stands above its reports. */
    z.strictObject({ kind: z.literal('complete'), values: metrics }),
    z.strictObject({ kind: z.literal('failed'), error: trialErrorSchema }),
    /** A request to stop was honoured. */
    z.strictObject({ kind: z.literal('stopped') }),
    /** Handed back unfinished (drain, a refusal): never the trial's fault, never counted. */
    z.strictObject({
      kind: z.literal('returned'),
      reason: z.string().max(MAX_REASON_CHARS),
      refused: z.boolean(),
    }),
  ]),
});

/** Events of one run; the worker keeps them until they are committed, and sends them again. */
export const runEventSchema = z.discriminatedUnion('type', [
  startedEvent,
  reportEvent,
  checkpointEvent,
  finishedEvent,
]);
export type RunEvent = z.infer<typeof runEventSchema>;
export type StartedEvent = z.infer<typeof startedEvent>;
export type ReportEvent = z.infer<typeof reportEvent>;
export type CheckpointEvent = z.infer<typeof checkpointEvent>;
export type FinishedEvent = z.infer<typeof finishedEvent>;
export type Outcome = FinishedEvent['outcome'];

export const workerInfoSchema = z.strictObject({
  /** `host-pid-random`: unique per start of an agent. */
  id: z.string().min(1).max(200),
  /** What people see: given by `--name`, else `host:pid`. */
  name: z.string().min(1).max(200),
  host: z.string().max(200),
  /** Tells a reboot, and another container with the same host name. */
  bootId: z.string().max(100),
  pid: z.number().int().min(1),
  /** Of the process, in the kernel's own clock: a recycled pid has another. */
  startTime: z.string().max(100),
  slots: z.number().int().min(0),
  gpus: z.array(z.strictObject({ index: z.number().int().min(0), name: z.string().max(200) })),
  /** '' until a runner has started. */
  backend: z.string().max(100),
});
export type WorkerInfo = z.infer<typeof workerInfoSchema>;

/** Sent every few seconds to each sweep that the worker serves; never kept, never sent again. */
export const heartbeatSchema = z.strictObject({
  type: z.literal('heartbeat'),
  worker: workerInfoSchema,
  /** Run ids of this sweep that the worker holds. */
  runs: z.array(z.string().max(64)),
  /** The worker takes no more work and is about to end. */
  draining: z.boolean(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

export const workerEventSchema = z.union([runEventSchema, heartbeatSchema]);
export type WorkerEvent = z.infer<typeof workerEventSchema>;

/** JSON with NaN and the infinities as strings; `workerEventSchema` reads them back. */
export function encodeEvent(event: WorkerEvent): string {
  return JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

/** @returns null for what is no event of this protocol: hostile or foreign text must not end the loop. */
export function decodeEvent(text: string): WorkerEvent | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const result = workerEventSchema.safeParse(parsed);
  return result.success ? result.data : null;
}
