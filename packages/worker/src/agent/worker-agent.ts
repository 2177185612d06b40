import {
  type Agent,
  type AgentOptions,
  type Delivery,
  type Outcome,
  type SweepListing,
  TfsweepError,
  type WorkerInfo,
  type WorkerLinkEvents,
} from '@tfsweep/orchestrator/protocol';
import { runnerEnvironment, type SlotPlan } from '../devices/index.ts';
import { type Admission, type AdmissionRules, admit } from './admission.ts';
import type { AgentSettings } from './agent-settings.ts';
import { OomWatch } from './exit-reason.ts';
import { Fetcher } from './fetcher.ts';
import { JobReleases } from './job-release.ts';
import type { ParentBond } from './parent-bond.ts';
import { type PreparedRun, prepareRun, Run } from './run.ts';
import { ServedSweep, unservable } from './served-sweep.ts';
import { Slot, type SlotListener } from './slot.ts';
import { SweepDirectory } from './sweep-directory.ts';
import { within } from './within.ts';
import { workerIdentity } from './worker-identity.ts';

/** What an agent has of its host. */
export interface HostResources {
  readonly plan: readonly SlotPlan[];
  readonly bond: ParentBond;
  /** Gives the devices back. */
  release(): Promise<void>;
}

/** Only ever to the right; any may be left out. */
type Phase = 'serving' | 'draining' | 'ending';

/** Joins what the agent is made of: the listings, the fetcher, the slots, and an outbox for each sweep. */
export class WorkerAgent implements Agent {
  readonly ended: Promise<void>;
  readonly #options: AgentOptions;
  readonly #settings: AgentSettings;
  readonly #host: HostResources;
  readonly #rules: AdmissionRules;
  readonly #identity: Omit<WorkerInfo, 'backend'>;
  readonly #oomWatch = new OomWatch();
  readonly #releases = new JobReleases();
  readonly #directory: SweepDirectory;
  readonly #fetcher: Fetcher;
  /** Every sweep that was listed and may still have something of ours under way. */
  readonly #sweeps = new Map<string, ServedSweep>();
  #slots: readonly Slot[] = [];
  /** Deliveries that are being checked: each will need a slot. */
  #admitting = 0;
  /** Admitted while the slot meant for them lost its runner: the next free one takes them. */
  readonly #waiting: PreparedRun[] = [];
  #phase: Phase = 'serving';
  #heartbeats: NodeJS.Timeout | null = null;
  readonly #openedAt = performance.now();
  #settle: { resolve: () => void; reject: (error: unknown) => void } = { resolve() {}, reject() {} };

  constructor(options: AgentOptions, settings: AgentSettings, host: HostResources) {
    this.#options = options;
    this.#settings = settings;
    this.#host = host;
    this.#identity = workerIdentity(options.name, host.plan);
    const { secret, roots, allowDrift, dir } = options;
    this.#rules = { secret, roots, allowDrift, emptyRoot: dir };
    this.#fetcher = new Fetcher({
      freeSlots: () =>
        this.#slots.filter((slot) => slot.isFree).length - this.#admitting - this.#waiting.length,
      take: (listing) => options.link.take(listing),
      onDelivery: (listing, delivery) => void this.#receive(listing, delivery),
    });
    this.#directory = new SweepDirectory({
      list: () => options.link.sweeps(),
      onListings: (listings) => this.#onListings(listings),
      pollMs: settings.pollMs,
      spacingMs: settings.listingsMs,
    });
    this.ended = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever waits for the end hears of it; where nobody does, it is no unhandled rejection.
    this.ended.catch(() => {});
  }

  /** Connects and starts the runners. */
  async open(): Promise<void> {
    await this.#options.link.open(this.#linkEvents());
    const { plan, bond } = this.#host;
    const { runnerEntry: entry } = this.#settings;
    this.#slots = plan.map((slotPlan) => {
      const env = runnerEnvironment(process.env, slotPlan, this.#options.backend);
      return new Slot(slotPlan, { entry, env, bond }, this.#oomWatch, this.#slotListener());
    });
    this.#heartbeats = setInterval(() => {
      this.#oomWatch.look();
      this.#sendHeartbeats();
    }, this.#options.heartbeatMs);
    this.#directory.look();
  }

  drain(): void {
    if (this.#phase !== 'serving') return;
    this.#phase = 'draining';
    this.#options.log('Draining: what runs goes on to its end, nothing new is taken.', 'info');
    this.#sendHeartbeats();
    void this.#fetcher.close().then(() => this.#endWhenDrained());
  }

  stop(): Promise<void> {
    this.#end('the worker was stopped');
    return this.ended.catch(() => {});
  }

  #linkEvents(): WorkerLinkEvents {
    let wasDown = false;
    return {
      onWake: () => {
        this.#fetcher.wake();
        this.#directory.look();
      },
      onStop: (sweep, order) => {
        for (const { run, stop } of this.#stoppable()) {
          if (run.job.sweep === sweep && run.isMeantBy(order)) stop(order.reason);
        }
      },
      onCommitted: (sweep, runId, seq) => this.#sweeps.get(sweep)?.outbox.acknowledge(runId, seq),
      onConnection: (up, detail) => {
        if (up) {
          if (wasDown) this.#options.log(`Connected again: ${detail}.`, 'info');
          for (const { outbox } of this.#sweeps.values()) outbox.retry();
          this.#sendHeartbeats();
          this.#fetcher.wake();
          this.#directory.look();
        } else {
          this.#options.log(`Connection lost: ${detail}. What trains goes on; trying again.`, 'warn');
        }
        wasDown = !up;
      },
    };
  }

  #slotListener(): SlotListener {
    return {
      onFree: (slot) => {
        const next = this.#waiting.shift();
        if (next) slot.train(next, this.#identity);
        else this.#fetcher.fill();
      },
      onNews: (run, news, onSent) => this.#sweeps.get(run.job.sweep)?.outbox.add(run.event(news), onSent),
      onDone: (run) => {
        this.#releases.release(run.delivery);
        this.#endWhenDrained();
      },
      onUnusable: (message) =>
        this.#end(
          'the worker has no working backend',
          new TfsweepError(
            'NO_BACKEND',
            `No runner can start on this host: ${message.trim()} ` +
              'Name another backend with --backend, or see `tfsweep doctor` for what works here.',
            { exitCode: 2 },
          ),
        ),
      onRemark: (line) => this.#options.log(line, 'info'),
    };
  }

  /** All runs in our hands that can be told to stop: those in a slot, and those that wait for one. */
  #stoppable(): { run: Run; stop: (reason: string) => void }[] {
    const training = this.#slots.flatMap((slot) =>
      slot.run ? [{ run: slot.run, stop: (reason: string) => slot.stop(reason) }] : [],
    );
    const waiting = this.#waiting.map((prepared) => ({
      run: prepared.run,
      stop: () => {
        this.#waiting.splice(this.#waiting.indexOf(prepared), 1);
        this.#finishUnstarted(prepared.run, { kind: 'stopped' });
      },
    }));
    return [...training, ...waiting];
  }

  #onListings(listings: readonly SweepListing[]): void {
    const now = performance.now();
    const { onlySweep } = this.#options;
    const served = listings.filter(({ id }) => onlySweep === null || id === onlySweep);
    for (const listing of served) this.#onListing(listing);
    const ids = new Set(served.map(({ id }) => id));
    for (const [id, sweep] of this.#sweeps) if (!ids.has(id)) this.#onUnlisted(id, sweep, now);
    if (onlySweep !== null) this.#endWithSweep(onlySweep, now);
    this.#fetcher.wake();
  }

  #onListing(listing: SweepListing): void {
    const known = this.#sweeps.get(listing.id);
    const sweep = known ?? this.#addSweep(listing);
    const renewed = sweep.listed(listing);
    const { id } = this.#identity;
    if (listing.drain?.includes(id)) this.drain();
    if (sweep.refusal !== null) return;
    if (renewed || !known) this.#heartbeat(sweep);
    if (listing.keepOff?.includes(id)) this.#fetcher.dismiss(listing.id);
    else this.#fetcher.serve(listing);
  }

  #addSweep(listing: SweepListing): ServedSweep {
    const sweep = new ServedSweep(listing, {
      link: this.#options.link,
      resendMs: this.#settings.resendMs,
      onStops: (orders) => {
        for (const { run, stop } of this.#stoppable()) {
          const order = orders.find((candidate) => run.job.sweep === listing.id && run.isMeantBy(candidate));
          if (order) stop(order.reason);
        }
      },
      onLost: () => this.#directory.look(),
    });
    this.#sweeps.set(listing.id, sweep);
    const hasGpus = this.#host.plan.some(({ gpu }) => gpu !== null);
    const reason = unservable(listing, { roots: this.#options.roots, hasGpus });
    if (reason !== null) this.#refuse(sweep, reason);
    return sweep;
  }

  /** Redis was flushed and will be filled again soon, or the sweep is over. */
  #onUnlisted(id: string, sweep: ServedSweep, now: number): void {
    sweep.unlisted(now);
    this.#fetcher.dismiss(id);
    if (sweep.unlistedMs(now) < this.#settings.abandonedMs) return;
    for (const slot of this.#slots) {
      if (slot.run?.job.sweep === id) slot.handBack('its sweep is no longer served');
    }
    if (this.#runsOf(id).length > 0) return;
    sweep.outbox.close();
    this.#sweeps.delete(id);
  }

  #endWithSweep(id: string, now: number): void {
    const sweep = this.#sweeps.get(id);
    const isOver = sweep
      ? sweep.unlistedMs(now) >= this.#settings.sweepGoneMs && this.#runsOf(id).length === 0
      : now - this.#openedAt >= this.#settings.neverSeenMs;
    if (isOver) this.#end('its sweep is over');
  }

  /** From the queue to a slot. */
  async #receive(listing: SweepListing, delivery: Delivery): Promise<void> {
    this.#admitting += 1;
    let prepared: PreparedRun | null = null;
    try {
      const sweep = this.#sweeps.get(listing.id) ?? this.#addSweep(listing);
      const admission = await admit(delivery, listing, this.#rules);
      prepared = await this.#prepare(sweep, admission, delivery);
    } finally {
      this.#admitting -= 1;
    }
    if (prepared !== null) this.#place(prepared);
    else this.#fetcher.fill();
    this.#endWhenDrained();
  }

  /** @returns null for what is not run here; its outcome is on its way then. */
  async #prepare(sweep: ServedSweep, admission: Admission, delivery: Delivery): Promise<PreparedRun | null> {
    if (admission.kind !== 'admitted') {
      this.#turnAway(sweep, admission, delivery);
      return null;
    }
    sweep.sawGenuine();
    const run = new Run(admission.job, delivery);
    const { rootDir, modulePath } = admission;
    try {
      return await prepareRun(run, { rootDir, modulePath }, this.#options.dir);
    } catch (error) {
      const reason = `its folder can't be made: ${(error as Error).message}`;
      this.#refuse(sweep, reason);
      this.#finishUnstarted(run, { kind: 'returned', reason, refused: true });
      return null;
    }
  }

  #turnAway(
    sweep: ServedSweep,
    admission: Exclude<Admission, { kind: 'admitted' }>,
    delivery: Delivery,
  ): void {
    const { job, reason } = admission;
    if (admission.kind === 'refused') {
      this.#refuse(sweep, reason);
    } else {
      this.#options.log(
        `Job ${delivery.jobId} of sweep ${sweep.listing.name} is not run: ${reason}.`,
        'warn',
      );
      if (sweep.sawUntrusted()) this.#refuse(sweep, `several of its jobs in a row were no good: ${reason}`);
    }
    // Of a job that nobody vouches for not even the sweep is believed.
    if (job === null || job.sweep !== sweep.listing.id) this.#releases.release(delivery);
    else this.#finishUnstarted(new Run(job, delivery), { kind: 'returned', reason, refused: true });
  }

  #place(prepared: PreparedRun): void {
    if (this.#phase === 'ending') {
      this.#finishUnstarted(prepared.run, {
        kind: 'returned',
        reason: 'the worker was stopped',
        refused: false,
      });
      return;
    }
    const slot = this.#slots.find((candidate) => candidate.isFree);
    if (slot) slot.train(prepared, this.#identity);
    else this.#waiting.push(prepared);
  }

  #finishUnstarted(run: Run, outcome: Outcome): void {
    this.#sweeps
      .get(run.job.sweep)
      ?.outbox.add(run.finished(outcome), () => this.#releases.release(run.delivery));
  }

  #refuse(sweep: ServedSweep, reason: string): void {
    if (sweep.refusal !== null) return;
    sweep.refuse(reason);
    this.#fetcher.dismiss(sweep.listing.id);
    this.#options.log(`Sweep ${sweep.listing.name} is not served by this worker: ${reason}.`, 'warn');
  }

  #runsOf(sweep: string): string[] {
    return this.#stoppable().flatMap(({ run }) => (run.job.sweep === sweep ? [run.runId] : []));
  }

  #sendHeartbeats(): void {
    for (const sweep of this.#sweeps.values()) this.#heartbeat(sweep);
  }

  #heartbeat(sweep: ServedSweep): Promise<void> {
    const { id } = sweep.listing;
    // A run that has ended here has not yet ended for the orchestrator: until then it must not count as lost.
    const runs = new Set([...this.#runsOf(id), ...sweep.outbox.runIds()]);
    if (sweep.refusal !== null && runs.size === 0) return Promise.resolve();
    const backend = this.#slots.find((slot) => slot.backend !== '')?.backend ?? '';
    return sweep.heartbeat({ ...this.#identity, backend }, [...runs], this.#phase !== 'serving');
  }

  #endWhenDrained(): void {
    const isIdle = this.#admitting === 0 && this.#stoppable().length === 0;
    if (this.#phase === 'draining' && isIdle) this.#end('the worker was drained');
  }

  /** Hands back what still runs, sends what is to be said, and leaves nothing behind. */
  #end(reason: string, error?: TfsweepError): void {
    if (this.#phase === 'ending') return;
    this.#phase = 'ending';
    this.#close(reason).then(
      () => (error ? this.#settle.reject(error) : this.#settle.resolve()),
      (failure: unknown) => this.#settle.reject(error ?? failure),
    );
  }

  async #close(reason: string): Promise<void> {
    const { flushMs } = this.#settings;
    for (const slot of this.#slots) slot.handBack(reason);
    for (const { run } of this.#waiting.splice(0)) {
      this.#finishUnstarted(run, { kind: 'returned', reason, refused: false });
    }
    const closed = Promise.all(this.#slots.map((slot) => slot.close()));
    await within(flushMs, this.#flush());
    if (this.#heartbeats) clearInterval(this.#heartbeats);
    this.#directory.close();
    this.#releases.close();
    for (const { outbox } of this.#sweeps.values()) outbox.close();
    await closed;
    this.#host.bond.close();
    await this.#host.release();
    await within(flushMs, this.#options.link.close());
  }

  async #flush(): Promise<void> {
    await this.#fetcher.close();
    const sweeps = [...this.#sweeps.values()];
    await Promise.all(sweeps.map(({ outbox }) => outbox.sent()));
    await this.#releases.settled();
    await Promise.all(sweeps.map((sweep) => this.#heartbeat(sweep)));
  }
}
