import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Another process at the same database: it knows nothing of our rules but those in the database itself. */
export class RawProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  static async start(file: string): Promise<RawProcess> {
    const script = fileURLToPath(new URL('raw-connection.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
    const raw = new RawProcess(child);
    onTestFinished(() => raw.kill());
    const first = await raw.#answer();
    if (first !== 'open') throw new Error(`the raw process did not open ${file}: ${first}`);
    return raw;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** @returns `ok`, or code and message of what SQLite threw. */
  exec(sql: string): Promise<string> {
    this.#child.stdin!.write(`${JSON.stringify(sql)}\n`);
    return this.#answer();
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  async #answer(): Promise<string> {
    const next = await this.#answers.next();
    return next.done ? 'gone' : next.value;
  }
}
