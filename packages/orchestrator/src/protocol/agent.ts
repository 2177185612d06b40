import type { Outcome } from './events.ts';
import type { Job } from './job.ts';
import type { WorkerLink } from './links.ts';

/**
 * What the command line asks of the worker package, which it finds lazily: `@tfsweep/worker` exports an object of type
 * `WorkerModule`.
 */
export interface WorkerModule {
  startAgent(options: AgentOptions): Promise<Agent>;
  createRedisWorkerLink(target: RedisTarget): WorkerLink;
  /** Probes backends in child processes; `names` left out: every one of the chain. */
  probeBackends(names?: readonly string[]): Promise<readonly BackendProbe[]>;
  /** Compiles tfjs-node's addon against the libtensorflow in a folder (`tfsweep native`). @throws TfsweepError */
  buildNativeAddon(libtensorflow: string): Promise<NativeAddon>;
  /** GPUs of this host as the agent sees them. */
  listGpus(): Promise<ReadonlyArray<{ index: number; name: string; memoryMiB: number; freeMiB: number }>>;
  /** Runs one trial of one step in this process, full stacks (`tfsweep try`). */
  tryTrial(options: TryOptions): Promise<TryResult>;
}

/** Where a Redis is and how to be let in. */
export interface RedisTarget {
  /** `redis://`, `rediss://` (with user, password, database) or `unix:/path/to/redis.sock`. */
  readonly url: string;
  /** Stands above the one in the URL. */
  readonly password?: string;
  /** Before every key; `DEFAULT_KEY_PREFIX` when left out. */
  readonly prefix?: string;
  /** PEM file with the authority that signed a `rediss://` server's certificate. */
  readonly caFile?: string;
}

export interface AgentOptions {
  readonly link: WorkerLink;
  /** The fleet's secret: jobs that it did not sign are refused. */
  readonly secret: string;
  /** Shown in leaderboards; `host:pid` when null. */
  readonly name: string | null;
  /** Number of slots; null: GPUs × trials per GPU, else cores. */
  readonly slots: number | null;
  /** Which GPUs: all, none, or these indices. */
  readonly gpus: 'all' | 'none' | readonly number[];
  /** Trials that share one GPU, at least 1. */
  readonly trialsPerGpu: number;
  /** The backend to use, or null for the first of the chain that works. */
  readonly backend: string | null;
  /** Root name → absolute folder. Trainers outside of these are refused. */
  readonly roots: ReadonlyMap<string, string>;
  /** The `.tfsweep` folder of this host: artifacts, logs and caches lie below it. */
  readonly dir: string;
  /** Serve only this sweep (its id), and end when it is no longer served; null: serve every sweep of the fleet. */
  readonly onlySweep: string | null;
  /** Take a trainer module whose hash differs from the job's. */
  readonly allowDrift: boolean;
  /** Lines for people; the agent itself never writes to standard output. */
  readonly log: (line: string, level: 'info' | 'warn') => void;
  readonly heartbeatMs: number;
}

export interface Agent {
  /** Settles when the agent has ended: drained, stopped, or its one sweep is over. Rejects with what it can't work around. */
  readonly ended: Promise<void>;
  /** No new work; what runs is finished, then `ended` settles. */
  drain(): void;
  /** What runs is stopped and handed back at once; no runner stays behind. */
  stop(): Promise<void>;
}

export interface BackendProbe {
  readonly name: string;
  readonly works: boolean;
  /** One line: version and device where it works, the reason where not. */
  readonly detail: string;
}

/** An addon of tfjs-node that was built here. */
export interface NativeAddon {
  readonly path: string;
  /** The library that it is linked with. */
  readonly libtensorflow: string;
  /** Of that library. */
  readonly version: string;
  /** The library found a GPU. */
  readonly usesGpu: boolean;
}

export interface TryOptions {
  readonly job: Job;
  readonly rootDir: string;
  readonly modulePath: string | null;
  readonly dir: string;
  readonly backend: string | null;
  readonly onReport: (step: number, values: Readonly<Record<string, number>>) => void;
}

export interface TryResult {
  readonly outcome: Outcome;
  readonly backend: string;
}
