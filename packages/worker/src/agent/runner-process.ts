import { type ChildProcess, spawn } from 'node:child_process';
import type { ToRunner } from '../runner/messages.ts';
import type { RunnerExit } from './exit-reason.ts';
import type { ParentBond } from './parent-bond.ts';
import type { RunLog } from './run-log.ts';
import { parseReply, type RunnerReply } from './runner-replies.ts';
import { within } from './within.ts';

/** Holds V8's out-of-memory report with its native stack. */
const STDERR_TAIL_CHARS = 16_384;
/** Pipes can outlive the process in the hands of one that left its group. */
const DRAIN_MS = 500;

export interface RunnerStart {
  /** Absolute path of the runner's main module. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly bond: ParentBond;
}

export interface RunnerListener {
  onReply(reply: RunnerReply): void;
  /** Once, after the last reply; no process of the group is left. */
  onExit(exit: RunnerExit): void;
}

/** One runner: a child process that leads its own group, with a channel for messages and its output in our hands. */
export class RunnerProcess {
  readonly #child: ChildProcess;
  readonly #bond: ParentBond;
  readonly #exited: Promise<void>;
  #log: RunLog | null = null;
  #stderr = '';

  constructor(start: RunnerStart, listener: RunnerListener) {
    const { file, args } = start.bond.command(process.execPath, [start.entry]);
    this.#bond = start.bond;
    this.#child = spawn(file, args, {
      env: start.env,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
      windowsHide: true,
    });
    if (this.#child.pid !== undefined) this.#bond.hold(this.#child.pid);
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#log?.write(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#log?.write(chunk);
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_TAIL_CHARS);
    });
    this.#child.on('message', (message) => {
      const reply = parseReply(message);
      if (reply) listener.onReply(reply);
    });
    this.#exited = this.#watch(listener);
  }

  /** undefined: it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Settles when the process has ended and its listener knows. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** Where its output goes from now on; null: nowhere. */
  logTo(log: RunLog | null): void {
    this.#log?.close();
    this.#log = log;
  }

  /** A runner that has just ended takes no message; `onExit` says the rest. */
  send(message: ToRunner): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** To the whole group: a trainer may have started processes of its own. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    const pid = this.#child.pid;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // The group is gone already.
    }
  }

  async #watch(listener: RunnerListener): Promise<void> {
    const child = this.#child;
    // Asked for now: where both pipes are closed already, it comes in the same tick as `exit`.
    const closed = new Promise<void>((resolve) => void child.once('close', () => resolve()));
    const exit = await new Promise<Omit<RunnerExit, 'stderr'>>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.on('error', (error) => {
        if (child.pid !== undefined) return;
        this.#stderr = error.message;
        resolve({ code: null, signal: null });
      });
    });
    if (child.pid !== undefined) {
      this.kill('SIGKILL');
      await within(DRAIN_MS, closed);
      child.stdout?.destroy();
      child.stderr?.destroy();
      this.#bond.release(child.pid);
    }
    this.logTo(null);
    listener.onExit({ ...exit, stderr: this.#stderr });
  }
}
