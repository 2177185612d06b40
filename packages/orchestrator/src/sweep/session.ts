import { availableParallelism } from 'node:os';
import { TfsweepError } from '../errors.ts';
import type { Agent, RedisTarget, WorkerModule } from '../protocol/agent.ts';
import type { TrialQueue } from '../protocol/links.ts';
import {
  createMemoryBroker,
  createRedisTrialQueue,
  type EmbeddedRedis,
  ensureEmbeddedRedis,
  fleetSecret,
  RedisNotFoundError,
} from '../queue/index.ts';
import type { SamplerPlugin } from '../samplers/plugin.ts';
import type { Store, SweepRow } from '../store/types.ts';
import { Failure } from './failure.ts';
import { rootName } from './job-builder.ts';
import { LocalWorkers } from './local-workers.ts';
import type { LoopEnd } from './loop-options.ts';
import type { Snapshot } from './progress.ts';
import { type RunOptions, runLoops } from './run-loops.ts';

export interface SessionOptions {
  readonly store: Store;
  /** With the config that workers are started for. */
  readonly sweep: SweepRow;
  /** What of the stored config is changed, as `resume --set` reads it. */
  readonly set: readonly string[];
  /** null: the embedded server of the store's folder. */
  readonly redis: RedisTarget | null;
  readonly queue: 'redis' | 'memory';
  /** What `sampler: {module: …}` stands for. @default none */
  readonly samplerPlugin?: SamplerPlugin | null;
  /** Local slots; null: as many as there are GPUs or cores, 0: only workers that were started elsewhere. */
  readonly workers: number | null;
  readonly gpus: string | null;
  readonly backend: string | null;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Aborted by the second: everything that was started here is killed at once. */
  readonly abort: AbortSignal;
  readonly loadWorkerModule: () => Promise<WorkerModule>;
  readonly onSnapshot: (snapshot: Snapshot) => void;
  readonly onNotice: (line: string) => void;
}

/** Runs one sweep with everything around the loop: server, queue, local workers; leaves none of them behind. */
export async function runSession(options: SessionOptions): Promise<LoopEnd> {
  const transport = await openTransport(options);
  const loopControl = new AbortController();
  const interrupt = (): void => loopControl.abort();
  options.signal.addEventListener('abort', interrupt, { once: true });
  if (options.signal.aborted) interrupt();
  const onAbort = (): void => transport.kill();
  options.abort.addEventListener('abort', onAbort, { once: true });
  try {
    const loops: RunOptions = {
      store: options.store,
      sweep: options.sweep.id,
      set: options.set,
      queue: transport.queue,
      secret: fleetSecret(options.store.dir),
      samplerPlugin: options.samplerPlugin ?? null,
      expectedSlots: expectedSlots(options),
      localOnly: options.redis === null,
      handsBack: options.workers !== 0,
      signal: loopControl.signal,
      onSnapshot: options.onSnapshot,
      onNotice: options.onNotice,
    };
    await transport.startWorkers();
    loopControl.signal.addEventListener('abort', () => void transport.stopWorkers(), { once: true });
    if (loopControl.signal.aborted) void transport.stopWorkers();
    const ended = runLoops(loops);
    // Where the workers fail for good, the loop is interrupted like by Ctrl-C: the sweep can be resumed.
    const failed = await Promise.race([
      ended.then(() => null),
      transport.failure.catch((error: unknown) => ({ error })),
    ]);
    if (failed === null) return await ended;
    interrupt();
    await ended;
    throw failed.error;
  } finally {
    options.signal.removeEventListener('abort', interrupt);
    await transport.close();
    options.abort.removeEventListener('abort', onAbort);
  }
}

function expectedSlots(options: SessionOptions): number {
  if (options.workers !== null) return options.workers;
  // GPUs are counted by the agent; until it greets, one waiting trial per core will do.
  return availableParallelism();
}

/** What carries the trials: queue, server and local workers, started and ended together. */
interface Transport {
  readonly queue: TrialQueue;
  readonly failure: Promise<never>;
  startWorkers(): Promise<void>;
  stopWorkers(): Promise<void>;
  kill(): void;
  close(): Promise<void>;
}

async function openTransport(options: SessionOptions): Promise<Transport> {
  if (options.queue === 'memory') return memoryTransport(options);
  if (options.redis !== null) return redisTransport(options, options.redis, null);
  try {
    const server = await ensureEmbeddedRedis(options.store.dir, { note: options.onNotice });
    return await redisTransport(options, server.target, server);
  } catch (error) {
    if (!(error instanceof RedisNotFoundError)) throw error;
    options.onNotice(`${error.message} Using the in-process queue instead.`);
    return memoryTransport(options);
  }
}

async function redisTransport(
  options: SessionOptions,
  target: RedisTarget,
  server: EmbeddedRedis | null,
): Promise<Transport> {
  const { store, sweep } = options;
  let queue: TrialQueue;
  try {
    queue = await createRedisTrialQueue(target, sweep.id);
  } catch (error) {
    await server?.release();
    throw error;
  }
  const workers =
    options.workers === 0
      ? null
      : new LocalWorkers({
          target,
          secret: fleetSecret(store.dir),
          dir: store.dir,
          sweep: sweep.id,
          slots: options.workers,
          gpus: options.gpus,
          trialsPerGpu: sweep.config.resources.trialsPerGpu,
          backend: options.backend,
          root: [rootName(sweep.configDir), sweep.configDir],
          onNotice: options.onNotice,
        });
  return {
    queue,
    failure: workers?.failure ?? new Promise<never>(() => undefined),
    startWorkers: async () => workers?.start(),
    stopWorkers: async () => await workers?.stop(),
    kill: () => workers?.kill(),
    close: async () => {
      await workers?.stop();
      await queue.close({ forget: server !== null }).catch(() => undefined);
      await server?.release();
    },
  };
}

async function memoryTransport(options: SessionOptions): Promise<Transport> {
  const { store, sweep } = options;
  if (options.workers === 0) {
    throw new TfsweepError(
      'NO_WORKERS',
      'The in-process queue has no workers but its own: leave out `--workers 0`.',
      {
        exitCode: 2,
      },
    );
  }
  const { startAgent } = await options.loadWorkerModule();
  const broker = createMemoryBroker();
  const failure = new Failure();
  let agent: Agent | null = null;
  return {
    queue: broker.queue(sweep.id),
    failure: failure.promise,
    startWorkers: async () => {
      agent = await startAgent({
        link: broker.link(),
        secret: fleetSecret(store.dir),
        name: null,
        slots: options.workers,
        gpus: parseGpus(options.gpus),
        trialsPerGpu: sweep.config.resources.trialsPerGpu,
        backend: options.backend,
        roots: new Map([[rootName(sweep.configDir), sweep.configDir]]),
        dir: store.dir,
        onlySweep: sweep.id,
        allowDrift: false,
        log: (line, level) => (level === 'warn' ? options.onNotice(line) : undefined),
        heartbeatMs: 2_000,
      });
      agent.ended.catch((error: unknown) => failure.reject(error));
    },
    stopWorkers: async () => await agent?.stop(),
    // Its runners are killed by the kernel, or by their watchdog, when this process leaves.
    kill: () => undefined,
    close: async () => await agent?.stop(),
  };
}

/** `all`, `none` or a list of indices: `0,2`. */
export function parseGpus(text: string | null): 'all' | 'none' | number[] {
  if (text === null || text === 'all') return 'all';
  if (text === 'none' || text === '') return 'none';
  const indices = text.split(',').map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : Number.NaN));
  if (indices.some(Number.isNaN)) {
    throw new TfsweepError('GPUS', `--gpus ${text}: expected all, none, or indices such as 0,2.`, {
      exitCode: 2,
    });
  }
  return indices;
}
