import { join } from 'node:path';
import type { Outcome } from '@tfsweep/orchestrator/protocol';
import { computesOnGpu } from '../backends/names.ts';
import type { SlotPlan } from '../devices/index.ts';
import { describeExit, exitError, lastLines, type OomWatch, type RunnerExit } from './exit-reason.ts';
import { LeakWatch } from './leak-watch.ts';
import type { PreparedRun, Run, RunNews } from './run.ts';
import { RunLog } from './run-log.ts';
import { RunnerProcess, type RunnerStart } from './runner-process.ts';
import type { FinishedReply, RunnerReply } from './runner-replies.ts';

/** Loading CUDA from a cold disk takes a while; a runner that takes longer never comes. */
const READY_TIMEOUT_MS = 180_000;
/** For a runner that has nothing to do and is asked to leave. */
const EXIT_GRACE_MS = 1_000;
const MAX_FAILED_STARTS = 3;

export interface SlotListener {
  /** A runner is up and waits. */
  onFree(slot: Slot): void;
  /** `onSent`: see Outbox.add. */
  onNews(run: Run, news: RunNews, onSent?: () => void): void;
  /** After the run's `finished`. */
  onDone(run: Run): void;
  /** No runner can be had here. */
  onUnusable(message: string): void;
  onRemark(line: string): void;
}

type Ending =
  | { readonly kind: 'ordered'; readonly reason: string }
  | { readonly kind: 'timeout'; readonly limitMs: number };

type SlotState =
  | { readonly kind: 'starting'; readonly runner: RunnerProcess }
  | { readonly kind: 'free'; readonly runner: RunnerProcess }
  | {
      readonly kind: 'training';
      readonly runner: RunnerProcess;
      readonly run: Run;
      readonly ending: Ending | null;
    }
  /** Its runner has been killed or told to leave; another one follows. */
  | { readonly kind: 'replacing'; readonly runner: RunnerProcess }
  | { readonly kind: 'closed' };

/** A share of a device, with a warm runner that trains one trial at a time. */
export class Slot {
  readonly plan: SlotPlan;
  readonly #start: RunnerStart;
  readonly #listener: SlotListener;
  readonly #oomWatch: OomWatch;
  #state: SlotState;
  #backend = '';
  #leaks = new LeakWatch();
  #failedStarts = 0;
  /** Of the state: a start, a time limit, the steps to an end. */
  #timers = new Set<NodeJS.Timeout>();

  constructor(plan: SlotPlan, start: RunnerStart, oomWatch: OomWatch, listener: SlotListener) {
    this.plan = plan;
    this.#start = start;
    this.#oomWatch = oomWatch;
    this.#listener = listener;
    this.#state = this.#launch();
  }

  get isFree(): boolean {
    return this.#state.kind === 'free';
  }

  /** null: it trains nothing. */
  get run(): Run | null {
    return this.#state.kind === 'training' ? this.#state.run : null;
  }

  /** '' until a runner was up. */
  get backend(): string {
    return this.#backend;
  }

  /** Starts a trial; only in a free slot. */
  train({ run, order }: PreparedRun, by: { readonly id: string; readonly name: string }): void {
    if (this.#state.kind !== 'free') throw new Error(`Slot ${this.plan.index} is ${this.#state.kind}.`);
    const { runner } = this.#state;
    this.#state = { kind: 'training', runner, run, ending: null };
    runner.logTo(new RunLog(join(order.runDir, 'log.txt')));
    this.#listener.onNews(run, {
      type: 'started',
      workerId: by.id,
      worker: by.name,
      slot: this.plan.index,
      gpus: computesOnGpu(this.#backend) ? this.plan.gpuShare : 0,
      backend: this.#backend,
    });
    runner.send({ type: 'run', order });
    const limitMs = order.job.timeLimitMs;
    if (limitMs !== null) this.#after(limitMs, () => this.#end({ kind: 'timeout', limitMs }));
  }

  /** Asks the trainer to end, and makes sure that it does. The outcome will be `stopped`. */
  stop(reason: string): void {
    this.#end({ kind: 'ordered', reason });
  }

  /** Ends what runs at once and hands it back. The slot goes on with another runner. */
  handBack(reason: string): void {
    if (this.#state.kind !== 'training') return;
    const { runner, run } = this.#state;
    runner.kill('SIGKILL');
    this.#replace(runner);
    this.#finish(run, { kind: 'returned', reason, refused: false });
  }

  /** Ends the runner; resolves when no process of it is left. A trial must have been handed back before. */
  async close(): Promise<void> {
    if (this.#state.kind === 'closed') return;
    const { kind, runner } = this.#state;
    this.#clearTimers();
    this.#state = { kind: 'closed' };
    if (kind === 'free') {
      runner.send({ type: 'exit' });
      this.#after(EXIT_GRACE_MS, () => runner.kill('SIGKILL'));
    } else {
      runner.kill('SIGKILL');
    }
    await runner.exited;
    this.#clearTimers();
  }

  #launch(): SlotState {
    const runner: RunnerProcess = new RunnerProcess(this.#start, {
      onReply: (reply) => this.#onReply(runner, reply),
      onExit: (exit) => this.#onExit(runner, exit),
    });
    this.#leaks = new LeakWatch();
    this.#after(READY_TIMEOUT_MS, () => runner.kill('SIGKILL'));
    return { kind: 'starting', runner };
  }

  #end(ending: Ending): void {
    if (this.#state.kind !== 'training' || this.#state.ending !== null) return;
    const { runner, run } = this.#state;
    this.#clearTimers();
    this.#state = { kind: 'training', runner, run, ending };
    runner.send({ type: 'stop', runId: run.runId, reason: describeEnding(ending) });
    const { stopGraceMs } = run.job;
    this.#after(stopGraceMs, () => {
      runner.kill('SIGTERM');
      this.#after(stopGraceMs, () => runner.kill('SIGKILL'));
    });
  }

  #onReply(runner: RunnerProcess, reply: RunnerReply): void {
    // Only the runner of the present state is heard: what one says that has been given up comes too late.
    if (this.#state.kind === 'closed' || this.#state.runner !== runner) return;
    switch (reply.type) {
      case 'ready':
        if (this.#state.kind !== 'starting') return;
        this.#backend = reply.backend;
        this.#failedStarts = 0;
        this.#becomeFree(runner);
        return;
      case 'unusable':
        this.#listener.onUnusable(reply.message);
        return;
      case 'report': {
        const run = this.#runOf(reply.runId);
        if (!run) return;
        this.#listener.onNews(run, { type: 'report', step: reply.step, values: reply.values }, () =>
          runner.send({ type: 'reported', id: reply.id, stop: this.#stopOf(run) }),
        );
        return;
      }
      case 'checkpoint': {
        const run = this.#runOf(reply.runId);
        if (run) this.#listener.onNews(run, { type: 'checkpoint', step: reply.step, path: reply.path });
        return;
      }
      case 'finished':
        this.#onFinished(runner, reply);
        return;
    }
  }

  #onFinished(runner: RunnerProcess, reply: FinishedReply): void {
    if (this.#state.kind !== 'training' || this.#state.run.runId !== reply.runId) return;
    const { run, ending } = this.#state;
    const leak = this.#leaks.leaks(reply.tensors, reply.rssBytes);
    // A trainer that had to be cut off may have left anything behind in its process.
    if (ending?.kind === 'timeout') {
      runner.kill('SIGKILL');
      this.#replace(runner);
    } else if (leak !== null) {
      this.#listener.onRemark(`Slot ${this.plan.index}: new runner, because the old one leaks (${leak}).`);
      runner.send({ type: 'exit' });
      this.#replace(runner);
      this.#after(EXIT_GRACE_MS, () => runner.kill('SIGKILL'));
    } else {
      this.#clearTimers();
      this.#state = { kind: 'free', runner };
    }
    const cutOff = ending?.kind === 'timeout' && reply.outcome.kind !== 'complete';
    this.#finish(run, cutOff ? endingOutcome(ending) : reply.outcome);
    if (this.isFree) this.#listener.onFree(this);
  }

  #onExit(runner: RunnerProcess, exit: RunnerExit): void {
    const state = this.#state;
    if (state.kind === 'closed' || state.runner !== runner) return;
    this.#clearTimers();
    if (state.kind === 'starting' && !this.#mayStartAgain(exit)) return;
    this.#state = this.#launch();
    if (state.kind !== 'training') return;
    const { run, ending } = state;
    this.#finish(
      run,
      ending === null ? { kind: 'failed', error: exitError(exit, this.#oomWatch) } : endingOutcome(ending),
    );
  }

  #mayStartAgain(exit: RunnerExit): boolean {
    this.#failedStarts += 1;
    if (this.#failedStarts < MAX_FAILED_STARTS) return true;
    this.#state = { kind: 'closed' };
    this.#listener.onUnusable(
      `It ended with ${describeExit(exit)} before it was ready, ${this.#failedStarts} times in a row.\n` +
        lastLines(exit.stderr),
    );
    return false;
  }

  #replace(runner: RunnerProcess): void {
    this.#clearTimers();
    this.#state = { kind: 'replacing', runner };
  }

  #becomeFree(runner: RunnerProcess): void {
    this.#clearTimers();
    this.#state = { kind: 'free', runner };
    this.#listener.onFree(this);
  }

  #finish(run: Run, outcome: Outcome): void {
    this.#listener.onNews(run, { type: 'finished', outcome }, () => this.#listener.onDone(run));
  }

  #runOf(runId: string): Run | null {
    return this.run?.runId === runId ? this.run : null;
  }

  #stopOf(run: Run): string | null {
    if (this.#state.kind !== 'training' || this.#state.run !== run || this.#state.ending === null)
      return null;
    return describeEnding(this.#state.ending);
  }

  #after(ms: number, action: () => void): void {
    // A timer holds 31 bits of milliseconds and would fire at once beyond: a limit of 24 days is none.
    if (ms > 0x7fffffff) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

function describeEnding(ending: Ending): string {
  return ending.kind === 'ordered'
    ? ending.reason
    : `the time limit of ${ending.limitMs / 1000} s has passed`;
}

function endingOutcome(ending: Ending): Outcome {
  if (ending.kind === 'ordered') return { kind: 'stopped' };
  const message = `The trial did not end within its time limit of ${ending.limitMs / 1000} s.`;
  return { kind: 'failed', error: { kind: 'timeout', message } };
}
