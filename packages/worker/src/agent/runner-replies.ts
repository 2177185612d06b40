import {
  MAX_ERROR_MESSAGE_CHARS,
  MAX_ERROR_PLACE_CHARS,
  MAX_ERROR_STACK_CHARS,
  MAX_METRIC_NAME_CHARS,
} from '@tfsweep/orchestrator/protocol';
import { z } from 'zod';

/**
 * The trainer is the user's code and shares the runner's channel: what arrives is checked before it can become an event
 * that no orchestrator would read, and that would be sent again for ever.
 */
const metrics = z.record(
  z.string().max(MAX_METRIC_NAME_CHARS),
  z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]),
);
const runId = z.string();
const step = z.number().int().min(1);
const clipped = (length: number) => z.string().transform((text) => text.slice(0, length));

const trialError = z.object({
  kind: z.enum(['throw', 'timeout', 'memory', 'crash', 'nan', 'no_metric', 'trainer', 'diverged']),
  message: clipped(MAX_ERROR_MESSAGE_CHARS),
  stack: clipped(MAX_ERROR_STACK_CHARS).optional(),
  at: clipped(MAX_ERROR_PLACE_CHARS).optional(),
});

const replySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    backend: clipped(100),
    versions: z.record(z.string(), z.string()),
  }),
  z.object({ type: z.literal('unusable'), message: z.string() }),
  z.object({ type: z.literal('report'), runId, id: z.number(), step, values: metrics }),
  z.object({ type: z.literal('checkpoint'), runId, step, path: z.string().max(4096) }),
  z.object({
    type: z.literal('finished'),
    runId,
    outcome: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('complete'), values: metrics }),
      z.object({ kind: z.literal('failed'), error: trialError }),
      z.object({ kind: z.literal('stopped') }),
    ]),
    tensors: z.number(),
    rssBytes: z.number(),
    leaving: z.boolean().optional(),
  }),
]);

/** `FromRunner` with its numbers read: NaN and the infinities are numbers here. */
export type RunnerReply = z.output<typeof replySchema>;
export type FinishedReply = Extract<RunnerReply, { type: 'finished' }>;

/** @returns null for what is no message of this protocol. */
export function parseReply(message: unknown): RunnerReply | null {
  const result = replySchema.safeParse(message);
  return result.success ? result.data : null;
}
