import type { Job, Outcome } from '@tfsweep/orchestrator/protocol';

/**
 * The channel between an agent and its runner: `child_process` IPC with JSON messages. Neither side ever imports what
 * the other one is made of.
 *
 * The agent starts the runner as `node dist/runner/main.js`, leader of its own process group, with the slot's
 * `CUDA_VISIBLE_DEVICES` ('' without a GPU) and, where a backend is forced, its name in `BACKEND_VARIABLE`. What it
 * writes to standard output and error goes to `<runDir>/log.txt`. At `disconnect` its agent is gone: it must exit.
 */

/** Environment variable: the one backend to use; not set: the first of the chain that works. */
export const BACKEND_VARIABLE = 'TFSWEEP_BACKEND';

/** What a runner is told of one attempt; paths are absolute, checked by the agent. */
export interface RunOrder {
  readonly job: Job;
  readonly runId: string;
  /** Absolute folder that the job's root is mapped to. */
  readonly rootDir: string;
  /** Absolute path of the trainer module, inside `rootDir`; null for a declarative trainer. */
  readonly modulePath: string | null;
  /** Made by the agent: `<store>/<sweep>/<trial>/<run id>/`, for checkpoints, artifacts and logs. */
  readonly runDir: string;
  /** `runDir` relative to the artifacts folder, with `/`: checkpoint events name paths below it. */
  readonly runPath: string;
  /** Absolute path of the artifacts folder: a job's checkpoint path is relative to it. */
  readonly artifactsDir: string;
}

export type ToRunner =
  | { readonly type: 'run'; readonly order: RunOrder }
  /** End the attempt: `report` throws, `signal` aborts. Answered by `finished`, else the group gets SIGTERM, then SIGKILL. */
  | { readonly type: 'stop'; readonly runId: string; readonly reason: string }
  /** Answer to a `report`: it is in the queue; `stop` is a standing order to end. */
  | { readonly type: 'reported'; readonly id: number; readonly stop: string | null }
  /** No more work: leave. */
  | { readonly type: 'exit' };

export type FromRunner =
  /** First message: the backend is up. */
  | { readonly type: 'ready'; readonly backend: string; readonly versions: Readonly<Record<string, string>> }
  /** Instead of `ready`, before the process ends with 1: no backend of the chain works. */
  | { readonly type: 'unusable'; readonly message: string }
  /** Values may be NaN or infinite: sent as strings 'NaN', 'Infinity', '-Infinity' (JSON has none). */
  | {
      readonly type: 'report';
      readonly runId: string;
      readonly id: number;
      readonly step: number;
      readonly values: Readonly<Record<string, number | string>>;
    }
  /** `path` is relative to the artifacts folder; the files are complete on disk. */
  | { readonly type: 'checkpoint'; readonly runId: string; readonly step: number; readonly path: string }
  | {
      readonly type: 'finished';
      readonly runId: string;
      /** Numbers as in `report`. */
      readonly outcome: Exclude<Outcome, { kind: 'returned' }>;
      /** Live tensors and resident bytes after clean-up: a runner that leaks is replaced. */
      readonly tensors: number;
      readonly rssBytes: number;
      /** The runner takes no other attempt and is about to exit: what this one left in the process may still run. */
      readonly leaving?: boolean;
    };
