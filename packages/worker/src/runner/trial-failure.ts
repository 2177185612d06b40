import { ownFrame } from '@tfsweep/orchestrator/modules';
import {
  MAX_ERROR_MESSAGE_CHARS,
  MAX_ERROR_PLACE_CHARS,
  MAX_ERROR_STACK_CHARS,
  type TrialError,
} from '@tfsweep/orchestrator/protocol';
import { TrainerLoadError } from '../trainers/errors.ts';
import { DivergedError } from '../training/divergence.ts';

/** What an attempt failed of, from whatever its trainer threw. */
export function describeFailure(thrown: unknown, rootDir: string): TrialError {
  const at = thrown instanceof TrainerLoadError ? thrown.at : ownFrame(thrown, rootDir);
  return {
    kind: kindOf(thrown),
    message: messageOf(thrown).slice(0, MAX_ERROR_MESSAGE_CHARS),
    ...(thrown instanceof Error && thrown.stack !== undefined
      ? { stack: stackOf(thrown).slice(0, MAX_ERROR_STACK_CHARS) }
      : {}),
    ...(at === null ? {} : { at: at.slice(0, MAX_ERROR_PLACE_CHARS) }),
  };
}

function kindOf(thrown: unknown): TrialError['kind'] {
  if (thrown instanceof TrainerLoadError) return 'trainer';
  if (thrown instanceof DivergedError) return 'diverged';
  return isOutOfMemory(thrown) ? 'memory' : 'throw';
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return `The trainer threw ${typeof thrown === 'string' ? JSON.stringify(thrown) : String(thrown)}, which is no Error.`;
}

/** With those of its causes, as Node prints them. */
function stackOf(error: Error): string {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    causes.push(`Caused by: ${cause.stack ?? cause.message}`);
  }
  return [error.stack, ...causes].join('\n');
}

/** Tensors lie outside of V8's heap: running out of them is an exception, and the process lives on. */
function isOutOfMemory(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    /Array buffer allocation failed|Invalid typed array length|OOM when allocating|memory access out of bounds|Cannot enlarge memory/.test(
      thrown.message,
    )
  );
}
