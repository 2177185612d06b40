import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { dieWithParent } from '../die-with-parent.ts';
import { TfsweepError } from '../errors.ts';
import type { RedisTarget } from '../protocol/agent.ts';
import { Failure } from './failure.ts';

/** An agent that died this often in a row is not started again; one that lived so long was not to blame. */
const MAX_STARTS = 8;
const LONG_LIFE_MS = 30_000;
/** Pauses between starts: twice as long each time. Redis may be what died, and needs a moment to come back. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
const STOP_GRACE_MS = 12_000;
const WRONG_USAGE = 2;

export interface LocalWorkerOptions {
  readonly target: RedisTarget;
  readonly secret: string;
  readonly dir: string;
  readonly sweep: string;
  readonly slots: number | null;
  readonly gpus: string | null;
  readonly trialsPerGpu: number;
  readonly backend: string | null;
  /** Root name and folder of the sweep file. */
  readonly root: readonly [string, string];
  readonly onNotice: (line: string) => void;
}

/**
 * The agent process of this launch: `tfsweep worker`, in a process group of its own so that a Ctrl-C at the terminal
 * reaches the launch alone, and ended by the kernel when the launch dies.
 */
export class LocalWorkers {
  readonly #options: LocalWorkerOptions;
  #child: ChildProcess | null = null;
  #starts = 0;
  #startedAt = 0;
  #restart: NodeJS.Timeout | null = null;
  #stopping = false;
  readonly #failure = new Failure();

  constructor(options: LocalWorkerOptions) {
    this.#options = options;
  }

  start(): void {
    const { target, secret, dir, sweep, slots, gpus, trialsPerGpu, backend, root, onNotice } = this.#options;
    const main = fileURLToPath(new URL('../../bin/tfsweep.mjs', import.meta.url));
    const args = ['worker', '--dir', dir, '--sweep', sweep, '--root', `${root[0]}=${root[1]}`, '--quiet'];
    args.push('--trials-per-gpu', String(trialsPerGpu));
    if (slots !== null) args.push('--workers', String(slots));
    if (gpus !== null) args.push('--gpus', gpus);
    if (backend !== null) args.push('--backend', backend);
    const [command, commandArgs] = dieWithParent(process.execPath, [main, ...args]);
    const child = spawn(command, commandArgs, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Secrets travel in the environment: arguments are visible to every user of the machine.
      env: {
        ...process.env,
        TFSWEEP_SECRET: secret,
        TFSWEEP_REDIS_URL: target.url,
        TFSWEEP_REDIS_PASSWORD: target.password ?? '',
        TFSWEEP_REDIS_PREFIX: target.prefix ?? '',
        TFSWEEP_REDIS_CA: target.caFile ?? '',
      },
    });
    this.#child = child;
    this.#starts += 1;
    this.#startedAt = performance.now();
    const lastLines: string[] = [];
    createInterface({ input: child.stderr! }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
      onNotice(line);
    });
    child.on('error', (cause) => {
      this.#failure.reject(
        new TfsweepError('WORKER_START', `The worker can't be started: ${cause.message}`, { cause }),
      );
    });
    child.on('close', (code, signal) => this.#ended(code, signal, lastLines));
  }

  /** Rejects when the agent cannot work, or dies again and again. */
  get failure(): Promise<never> {
    return this.#failure.promise;
  }

  /** What runs is handed back; after a grace time everything is killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    // SIGTERM would let it finish what runs.
    child.kill('SIGINT');
    const timer = new AbortController();
    await Promise.race([closed, sleep(STOP_GRACE_MS, null, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    this.kill();
    await closed;
  }

  /** At once, the agent's whole group; its runners die with it. */
  kill(): void {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const pid = this.#child?.pid;
    if (pid === undefined || this.#child?.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
  }

  #ended(code: number | null, signal: NodeJS.Signals | null, lastLines: readonly string[]): void {
    if (this.#stopping) return;
    if (code === 0) {
      this.#options.onNotice(
        'The worker of this launch has left. The sweep goes on with workers that are started elsewhere (`tfsweep worker`), or after Ctrl-C and `tfsweep resume`.',
      );
      return;
    }
    if (performance.now() - this.#startedAt >= LONG_LIFE_MS) this.#starts = 1;
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    if (code === WRONG_USAGE || this.#starts >= MAX_STARTS) {
      const message = lastLines.at(-1) ?? `The worker ended ${how}.`;
      this.#failure.reject(
        new TfsweepError('WORKER_FAILED', message, { exitCode: code === WRONG_USAGE ? 2 : 1 }),
      );
      return;
    }
    this.#options.onNotice(`the worker process ended ${how}; starting it again`);
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#starts - 1));
    this.#restart = setTimeout(() => this.start(), pause);
  }
}
