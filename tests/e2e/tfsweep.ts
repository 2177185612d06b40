import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../packages/orchestrator/bin/tfsweep.mjs', import.meta.url));
const MARK = 'TFSWEEP_TEST_MARK';
const LEAVE_MS = 15_000;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for one test, and the built product run in it as its user would. */
export class Playground {
  readonly folder = mkdtempSync(join(tmpdir(), 'tfsweep-e2e-'));
  readonly #mark = randomUUID();

  static create(): Playground {
    const playground = new Playground();
    onTestFinished(async () => {
      const left = await playground.processesLeft();
      for (const pid of left) killQuietly(pid);
      rmSync(playground.folder, { recursive: true, force: true, maxRetries: 5 });
      if (left.length > 0)
        throw new Error(`processes were left behind: ${left.map(commandLine).join(' | ')}`);
    });
    return playground;
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  start(args: readonly string[], env: Record<string, string> = {}): Running {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: { ...cleanEnvironment(), [MARK]: this.#mark, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Running(child);
  }

  async run(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
    return await this.start(args, env).finished;
  }

  /** Processes that were started from here, directly or by others, and still live after a time for leaving. */
  async processesLeft(): Promise<number[]> {
    for (let waited = 0; ; waited += 100) {
      const left = this.processes();
      if (left.length === 0 || waited >= LEAVE_MS) return left;
      await sleep(100);
    }
  }

  /** Pids of the processes that were started from here. @param part a piece of their command line */
  processes(part = ''): number[] {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number)
      .filter((pid) => readQuietly(`/proc/${pid}/environ`).includes(this.#mark))
      .filter((pid) => commandLine(pid).includes(part));
  }
}

export class Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.finished = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Waits until `condition` holds. @throws Error naming `what` when it does not in time. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 50) {
    if (waited >= limitMs) throw new Error(`in vain for ${limitMs / 1000} s: ${what}`);
    await sleep(50);
  }
}

export function fixture(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), 'fixtures', name);
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (name.startsWith('TFSWEEP_') && name !== 'TFSWEEP_TOOLS_DIR') delete env[name];
  return env;
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function commandLine(pid: number): string {
  return `${pid} ${readQuietly(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just left.
  }
}
