import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Job, PROTOCOL_VERSION } from '@tfsweep/orchestrator/protocol';
import { afterEach } from 'vitest';
import { testBackend } from '../../packages/worker/src/backends/testing/test-backend.ts';
import {
  BACKEND_VARIABLE,
  type FromRunner,
  type RunOrder,
  type ToRunner,
} from '../../packages/worker/src/runner/messages.ts';

const RUNNER = join(import.meta.dirname, '../../packages/worker/dist/runner/main.js');

type Message<T extends FromRunner['type']> = Extract<FromRunner, { type: T }>;

export interface RunEnd {
  readonly reports: ReadonlyArray<Pick<Message<'report'>, 'step' | 'values'>>;
  readonly checkpoints: ReadonlyArray<Pick<Message<'checkpoint'>, 'step' | 'path'>>;
  /** null: the process ended without one. */
  readonly finished: Message<'finished'> | null;
  /** null: the process lives on. */
  readonly exitCode: number | null;
}

export interface RunSettings {
  readonly trainer:
    | { readonly module: string; readonly args?: Record<string, unknown> }
    | { readonly spec: Record<string, unknown> };
  readonly params?: Job['params'];
  readonly seed?: number;
  readonly from?: number;
  readonly to?: number | null;
  readonly checkpointEvery?: number;
  readonly checkpoint?: Job['checkpoint'];
  /** Called at each report; what it returns is the answer: a reason to stop, or null. */
  readonly onReport?: (step: number, run: RunningRun) => string | null;
}

export interface RunningRun {
  /** Sends the push that tells the runner to end this attempt. */
  stop(reason: string): void;
}

const cleanUps: Array<() => void | Promise<void>> = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A folder with a user's files and, apart from it, one for artifacts; both go with the test. */
export class Workplace {
  readonly root: string;
  readonly artifacts: string;

  constructor() {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tfsweep-training-')));
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
    this.root = join(folder, 'project');
    this.artifacts = join(folder, 'artifacts');
    mkdirSync(this.root);
    mkdirSync(this.artifacts);
  }

  write(name: string, content: string): string {
    const path = join(this.root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return name;
  }

  read(name: string): string {
    return readFileSync(join(this.root, name), 'utf8');
  }

  readArtifact(name: string): string {
    return readFileSync(join(this.artifacts, name), 'utf8');
  }

  /** Of all runs: the artifacts of this name. */
  artifactsNamed(name: string): string[] {
    const names = readdirSync(this.artifacts).map((run) => join(run, 'artifacts', name));
    return names
      .filter((path) => existsSync(join(this.artifacts, path)))
      .map((path) => this.readArtifact(path));
  }
}

/** A real runner process, spoken to as its agent would. */
export class RunnerClient {
  readonly ready: Promise<Message<'ready' | 'unusable'>>;
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #place: Workplace;
  #listener: (message: FromRunner) => void = () => {};
  #output = '';

  constructor(place: Workplace, env: Record<string, string> = {}) {
    this.#place = place;
    this.#child = fork(RUNNER, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, [BACKEND_VARIABLE]: testBackend(null) ?? '', ...env },
      execArgv: [],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    // The channel closes after its last message: an outcome is never overtaken by the exit.
    const drained = new Promise((resolve) => this.#child.once('disconnect', resolve));
    const exit = new Promise<number | null>((resolve) => this.#child.once('exit', (code) => resolve(code)));
    this.exited = drained.then(() => exit);
    this.ready = new Promise((resolve, reject) => {
      this.#listener = (message) => {
        if (message.type === 'ready' || message.type === 'unusable') resolve(message);
      };
      void this.exited.then((code) => reject(new Error(`The runner ended with ${code}:\n${this.#output}`)));
    });
    this.ready.catch(() => {});
    this.#child.on('message', (message: FromRunner) => this.#listener(message));
    cleanUps.push(async () => {
      this.#child.kill('SIGKILL');
      await this.exited;
    });
  }

  /** Everything that the process has printed. */
  get output(): string {
    return this.#output;
  }

  async run(settings: RunSettings): Promise<RunEnd> {
    await this.ready;
    const order = this.#order(settings);
    const reports: Array<RunEnd['reports'][number]> = [];
    const checkpoints: Array<RunEnd['checkpoints'][number]> = [];
    const running: RunningRun = { stop: (reason) => this.send({ type: 'stop', runId: order.runId, reason }) };
    return await new Promise((resolve) => {
      this.#listener = (message) => {
        switch (message.type) {
          case 'report': {
            reports.push({ step: message.step, values: message.values });
            const stop = settings.onReport?.(message.step, running) ?? null;
            this.send({ type: 'reported', id: message.id, stop });
            return;
          }
          case 'checkpoint':
            checkpoints.push({ step: message.step, path: message.path });
            return;
          case 'finished':
            resolve({ reports, checkpoints, finished: message, exitCode: null });
        }
      };
      void this.exited.then((exitCode) => resolve({ reports, checkpoints, finished: null, exitCode }));
      this.send({ type: 'run', order });
    });
  }

  send(message: ToRunner): void {
    if (this.#child.connected) this.#child.send(message);
  }

  disconnect(): void {
    this.#child.disconnect();
  }

  #order(settings: RunSettings): RunOrder {
    const runId = randomUUID();
    const runDir = join(this.#place.artifacts, runId);
    mkdirSync(runDir);
    const modulePath = 'module' in settings.trainer ? join(this.#place.root, settings.trainer.module) : null;
    return {
      job: {
        protocol: PROTOCOL_VERSION,
        sweep: randomUUID(),
        sweepName: 'a sweep',
        trial: 4,
        attempt: 1,
        params: settings.params ?? {},
        seed: settings.seed ?? 1,
        trainer:
          'module' in settings.trainer
            ? {
                kind: 'module',
                path: settings.trainer.module,
                sha256: createHash('sha256').update(readFileSync(modulePath!)).digest('hex'),
                args: settings.trainer.args ?? {},
              }
            : { kind: 'declarative', spec: settings.trainer.spec },
        root: 'project',
        budget: { unit: 'epochs', from: settings.from ?? 0, to: settings.to ?? null },
        timeLimitMs: null,
        stopGraceMs: 5_000,
        checkpointEvery: settings.checkpointEvery ?? null,
        checkpoint: settings.checkpoint ?? null,
      },
      runId,
      rootDir: this.#place.root,
      modulePath,
      runDir,
      runPath: runId,
      artifactsDir: this.#place.artifacts,
    };
  }
}

/** A module of plain JavaScript around the body of `train`. */
export function trainerModule(body: string): string {
  return `import { defineTrainer } from '@tfsweep/worker/trainer';

export default defineTrainer({
  async train(ctx) {
    ${body}
  },
});
`;
}
