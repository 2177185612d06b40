import type { ReceivedEvent, SignedJob } from '../protocol/links.ts';
import { RedisUnavailableError } from '../protocol/redis/index.ts';
import type { SweepTransaction, SweepWriter } from '../store/types.ts';
import type { Study } from '../study/types.ts';
import { newAftermath } from './aftermath.ts';
import { CheckpointKeeper } from './checkpoint-keeper.ts';
import { Crew } from './crew.ts';
import { countedTrials, type Ending, EndingWatch } from './ending.ts';
import { Fleet } from './fleet.ts';
import type { Heritage } from './heritage.ts';
import { Intake } from './intake.ts';
import { JobBuilder } from './job-builder.ts';
import { listingOf } from './listing.ts';
import type { LoopEnd, LoopOptions, Reconfigured } from './loop-options.ts';
import { Losses, STOP_DEADLINE_MS } from './losses.ts';
import type { OpenTrial, OpenTrials } from './open-trials.ts';
import { Progress } from './progress.ts';
import { QueueMirror } from './queue-mirror.ts';
import { loadOpenTrials, replayStudy } from './replay.ts';
import { Requests } from './requests.ts';
import { keepClock } from './run-clock.ts';
import { Supply } from './supply.ts';
import { TrialEnds } from './trial-ends.ts';
import { type WindDownParts, windDown } from './wind-down.ts';

/** One transaction holds at most that many events. */
const READ_LIMIT = 1_000;
/** An idle loop turns this often: it looks at the clock, at requests and at lost workers. */
const IDLE_MS = 250;
const HEARTBEAT_MS = 2_000;
const SNAPSHOT_MS = 100;

/** Joins study, store and queue until the sweep is over. SQLite is the truth; all that is kept here mirrors it. */
export class SweepLoop {
  readonly #options: LoopOptions;
  readonly #study: Study;
  readonly #trials: OpenTrials;
  readonly #fleet: Fleet;
  readonly #crew: Crew;
  readonly #intake: Intake;
  readonly #losses: Losses;
  readonly #windDown: WindDownParts;
  readonly #jobs: JobBuilder;
  readonly #supply: Supply;
  readonly #checkpoints: CheckpointKeeper;
  readonly #mirror: QueueMirror;
  readonly #watch: EndingWatch;
  readonly #progress: Progress;
  readonly #requests: Requests;
  #ending: Ending | null = null;
  #interruptedAt: number | null = null;
  #committedAt = Number.NEGATIVE_INFINITY;
  #heartbeatAt = Number.NEGATIVE_INFINITY;
  #snapshotAt = Number.NEGATIVE_INFINITY;

  constructor(options: LoopOptions) {
    const { store, sweep, heritage } = options;
    this.#options = options;
    this.#fleet = heritage?.fleet ?? new Fleet(options.leases);
    this.#study = replayStudy(store, sweep.id, sweep.config, options.samplerPlugin);
    this.#trials = heritage?.trials ?? loadOpenTrials(store, sweep.id);
    this.#jobs = new JobBuilder(sweep, options.secret, heritage?.trainer);
    this.#watch = new EndingWatch(sweep.config, heritage?.watch);
    this.#progress = new Progress(sweep);
    this.#crew =
      heritage?.crew.under(sweep.config.retry) ??
      new Crew(this.#fleet, sweep.config.retry, store.workers(sweep.id));
    const ends = new TrialEnds({
      config: sweep.config,
      study: this.#study,
      fleet: this.#fleet,
      crew: this.#crew,
      trials: this.#trials,
    });
    this.#intake = new Intake({ study: this.#study, fleet: this.#fleet, trials: this.#trials, ends });
    const { stopGraceMs } = sweep.config;
    this.#losses = new Losses({ stopGraceMs, fleet: this.#fleet, trials: this.#trials, ends });
    this.#windDown = { sweep: sweep.id, trials: this.#trials, losses: this.#losses, ends };
    this.#supply = new Supply({
      study: this.#study,
      trials: this.#trials,
      mayWait: (now) => this.#mayWait(now),
      jobFor: (trial) => this.#jobFor(trial),
    });
    this.#checkpoints = new CheckpointKeeper({
      store,
      sweep,
      study: this.#study,
      trials: this.#trials,
      onNotice: options.onNotice,
    });
    this.#mirror = new QueueMirror({
      sweep: sweep.id,
      queue: options.queue,
      trials: this.#trials,
      listing: (epoch) => listingOf(sweep, epoch, this.#crew.orders(performance.now())),
      jobFor: (trial) => this.#jobFor(trial),
      onBack: () => this.#fleet.renewAll(performance.now()),
      onNotice: options.onNotice,
      signal: options.signal,
    });
    const retried = store.retried(sweep.id);
    this.#requests = new Requests({
      sweep,
      study: this.#study,
      trials: this.#trials,
      ends,
      crew: this.#crew,
      retried,
      watch: this.#watch,
      isPaused: heritage?.isPaused ?? false,
    });
    this.#progress.setPaused(this.#requests.isPaused);
    this.#watch.recall(countedTrials(store, sweep.id));
  }

  /** @throws LeaseLostError, StoreError; after any of them the sweep can be resumed. */
  async run(writer: SweepWriter): Promise<LoopEnd | Reconfigured> {
    try {
      await this.#begin(writer);
      for (;;) {
        const end = await this.#turn(writer);
        if (end !== null) return end;
      }
    } catch (error) {
      if (!(error instanceof RedisUnavailableError) || !this.#options.signal.aborted) throw error;
      await writer.transaction((tx) => tx.setSweepState('paused', 'interrupted'));
      return { kind: 'interrupted' };
    } finally {
      await this.#checkpoints.close();
    }
  }

  async #begin(writer: SweepWriter): Promise<void> {
    const { sweep, heritage } = this.#options;
    const known = await writer.transaction((tx) => {
      tx.setConfig(sweep.config);
      if (heritage === undefined) {
        tx.setSweepState('running', null);
        this.#requests.dropStale(tx);
      }
      return tx.streamPosition();
    });
    await this.#mirror.open(writer, known);
    await this.#limit();
    await this.#checkpoints.open();
  }

  /** On hold nothing is taken from the queue. */
  async #limit(): Promise<void> {
    const { maxConcurrent } = this.#options.sweep.config.resources;
    await this.#mirror.limit(this.#requests.isPaused ? 0 : maxConcurrent);
  }

  /** One turn: read what workers said, commit it with what follows from it, tell the queue, ask for what comes next. */
  async #turn(writer: SweepWriter): Promise<LoopEnd | Reconfigured | null> {
    const events = await this.#mirror.read(writer, READ_LIMIT, this.#waitMs());
    const now = performance.now();
    const caughtUp = events.length < READ_LIMIT;
    if (this.#options.signal.aborted) this.#interruptedAt ??= now;

    const isDue = this.#mayBegin && this.#supply.isDue(now);
    if (events.length > 0 || isDue || now - this.#committedAt >= IDLE_MS)
      await this.#commit(writer, events, caughtUp, now);
    if (this.#requests.config !== null && this.#ending === null)
      return { kind: 'reconfigured', heritage: this.#heritage };
    if (this.#mayBegin) this.#supply.ask(now);
    if (caughtUp) await this.#mirror.reconcile(writer, now);
    this.#show(now);
    return await this.#over(writer, now);
  }

  async #commit(
    writer: SweepWriter,
    events: readonly ReceivedEvent[],
    caughtUp: boolean,
    now: number,
  ): Promise<void> {
    const after = newAftermath();
    const wasPaused = this.#requests.isPaused;
    const jobs = await writer.transaction((tx) => {
      this.#checkpoints.commit(tx);
      this.#supply.commit(tx, now);
      for (const { event } of events) if (event !== null) this.#intake.apply(tx, event, now, after);
      if (events.length > 0 && this.#trials.in('paused').length > 0) this.#supply.askAgain();
      this.#mirror.advance(tx, events);
      if (now - this.#heartbeatAt >= HEARTBEAT_MS) {
        tx.heartbeat();
        for (const trial of this.#trials.in('running')) keepClock(tx, trial);
        this.#crew.record(tx, now, after);
        this.#heartbeatAt = now;
      }
      if (caughtUp) this.#losses.drop(tx, now, after);
      for (const trial of after.finished) this.#watch.observe(trial, 'this');
      const endingAfter = (retries: number): Ending | null => this.#endingAfter(retries, tx, now);
      const observed = after.finished.length;
      this.#requests.carryOut({ tx, now, after, isEnding: !this.#goesOn, endingAfter });
      for (const trial of after.finished.slice(observed)) this.#watch.observe(trial, 'this');
      this.#ending ??= this.#requests.ending;
      // Under other settings it is for the next loop to say.
      if (this.#requests.config === null) this.#ending ??= endingAfter(0);
      if (this.#ending !== null) {
        const { reason } = this.#ending;
        windDown(this.#windDown, reason ?? 'the sweep is over', tx, now, after);
      }
      return this.#mayBegin ? this.#supply.open(tx, now) : [];
    });
    this.#committedAt = now;
    if (caughtUp) this.#intake.catchUp();
    for (const notice of after.notices) this.#options.onNotice(notice);
    for (const trial of after.finished) this.#progress.finished(trial);
    await this.#mirror.publish(after, jobs, events.length > 0);
    if (after.relist) await this.#mirror.announce();
    if (this.#requests.isPaused !== wasPaused) {
      this.#progress.setPaused(!wasPaused);
      await this.#limit();
    }
    this.#checkpoints.look(after);
    this.#endWhereEnough();
  }

  get #heritage(): Heritage {
    return {
      isPaused: this.#requests.isPaused,
      fleet: this.#fleet,
      crew: this.#crew,
      trials: this.#trials,
      watch: this.#watch,
      trainer: this.#jobs.trainer,
    };
  }

  /** Neither over nor interrupted. */
  get #goesOn(): boolean {
    return this.#ending === null && !this.#options.signal.aborted;
  }

  get #mayBegin(): boolean {
    return this.#goesOn && !this.#requests.isPaused;
  }

  /** A trial that waits for its next attempt is not kept waiting by an idle read. */
  #waitMs(): number {
    const now = performance.now();
    return this.#mayBegin && (this.#supply.isDue(now) || this.#supply.isShort(now)) ? 0 : IDLE_MS;
  }

  /** Outside of a transaction: to bound a regret takes a while. */
  #endWhereEnough(): void {
    // In order, what was asked for before the end trains to its own.
    if (this.#ending !== null || this.#options.sweep.config.reproducible !== null) return;
    const reason = this.#study.enough();
    if (reason !== null) this.#ending = { state: 'complete', reason };
  }

  #endingAfter(retries: number, tx: SweepTransaction, now: number): Ending | null {
    const wallSeconds = this.#progress.wallSeconds();
    const gpuSeconds = (tx.gpuMs() + this.#trials.gpuMs()) / 1000;
    const ending = this.#watch.check(wallSeconds, gpuSeconds, retries);
    if (ending !== null) return ending;
    const refused = this.#options.localOnly ? this.#fleet.everybodyRefuses(now) : null;
    return refused === null ? null : { state: 'failed', reason: `no worker can train it: ${refused}` };
  }

  /** One waiting trial for each slot, beyond those that run. */
  #mayWait(now: number): number {
    const { maxConcurrent } = this.#options.sweep.config.resources;
    const slots = Math.max(this.#fleet.slots(now), this.#options.expectedSlots);
    return Math.min(slots, maxConcurrent ?? slots);
  }

  #jobFor(trial: OpenTrial): SignedJob {
    const { store, sweep } = this.#options;
    // A first attempt has no checkpoint: this spares a query per trial.
    const checkpoint = trial.attempt > 1 ? store.checkpoint(sweep.id, trial.number) : null;
    return this.#jobs.build({
      number: trial.number,
      attempt: trial.attempt,
      params: trial.params,
      checkpoint,
      pauseAt: this.#study.pauseAt(trial.number),
    });
  }

  #show(now: number): void {
    if (now - this.#snapshotAt < SNAPSHOT_MS) return;
    this.#snapshotAt = now;
    const snapshot = this.#progress.snapshot({
      trials: this.#trials,
      slots: this.#fleet.slots(now),
      backend: this.#fleet.workers(now)[0]?.backend ?? '',
      remaining: this.#supply.isExhausted ? 0 : this.#study.remaining(),
      best: this.#study.best(),
    });
    this.#options.onSnapshot(snapshot);
  }

  async #over(writer: SweepWriter, now: number): Promise<LoopEnd | null> {
    const { queue } = this.#options;
    const unfinished = this.#trials.in('queued').length + this.#trials.in('running').length;
    if (this.#ending === null && this.#supply.isDry && unfinished === 0) {
      const nothing = this.#progress.complete === 0;
      this.#ending = nothing
        ? { state: 'failed', reason: 'no trial completed' }
        : { state: 'complete', reason: this.#study.enough() };
    }
    if (this.#ending !== null && this.#trials.size === 0) {
      const { state, reason } = this.#ending;
      await this.#checkpoints.settle();
      await writer.transaction((tx) => {
        this.#checkpoints.commit(tx);
        tx.heartbeat();
        tx.setSweepState(state, reason);
      });
      await queue.close({ forget: true });
      return { kind: 'ended', ...this.#ending };
    }
    if (
      this.#interruptedAt !== null &&
      this.#ending === null &&
      this.#hasHandedBack(now, this.#interruptedAt)
    ) {
      await writer.transaction((tx) => {
        this.#checkpoints.commit(tx);
        tx.heartbeat();
        tx.setSweepState('paused', 'interrupted');
      });
      await queue.close({ forget: false });
      return { kind: 'interrupted' };
    }
    return null;
  }

  /** Workers of this launch are being stopped and hand back what they run; others go on without us. */
  #hasHandedBack(now: number, interruptedAt: number): boolean {
    if (!this.#options.handsBack) return true;
    return this.#trials.in('running').length === 0 || now - interruptedAt > STOP_DEADLINE_MS;
  }
}
