import type { RunEvent, SendReply, StopOrder } from '@tfsweep/orchestrator/protocol';

export interface OutboxOptions {
  /** One round trip; rejects while no server answers. */
  readonly send: (events: readonly RunEvent[]) => Promise<SendReply>;
  readonly onStops: (orders: readonly StopOrder[]) => void;
  /** The stream has another epoch or is gone. `resend` is called once the new one is known. */
  readonly onLost: () => void;
  /** Silence after which what was not committed is sent again, at first; doubled while the silence lasts. */
  readonly resendMs: number;
  /** Events kept at most before those that wait for an answer have to wait for commits. */
  readonly limit: number;
}

/** Between two attempts to send while no server answers. */
const RETRY_MS = 1_000;
const MAX_RESEND_MS = 60_000;
const MAX_BATCH = 1_000;
/** A connection that died without a word answers nothing, not even an error. */
const SEND_TIMEOUT_MS = 10_000;
const NOTHING: SendReply = { stops: [], lost: false };

/**
 * The events of one sweep's runs, kept until they are committed in the orchestrator's database. One batch is under way
 * at a time, so the order of a run's events is the order in which they are sent; what comes up meanwhile is the next batch.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  /** Run id → events that are not committed, by seq. */
  readonly #kept = new Map<string, RunEvent[]>();
  #keptCount = 0;
  /** Events to be sent, of those that are kept. */
  #queue: RunEvent[] = [];
  /** Called when what was added has been sent, or will be sent later. */
  #waiting: (() => void)[] = [];
  #state: 'resting' | 'scheduled' | 'sending' | 'blocked' | 'closed' = 'resting';
  #timer: NodeJS.Timeout | null = null;
  #silenceMs: number;
  #onRest: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#silenceMs = options.resendMs;
  }

  /** Number of events that are not committed. */
  get size(): number {
    return this.#keptCount;
  }

  /**
   * `onSent`: called once the event is in the stream. Where that can't be now it is called all the same, for a trial
   * should not wait for Redis, unless so much is kept already that it has to.
   */
  add(event: RunEvent, onSent?: () => void): void {
    if (this.#state === 'closed') return;
    const events = this.#kept.get(event.runId);
    if (events) events.push(event);
    else this.#kept.set(event.runId, [event]);
    this.#keptCount += 1;
    this.#queue.push(event);
    if (onSent) this.#waiting.push(onSent);
    if (this.#state === 'resting') this.#schedule();
    else if (this.#state === 'blocked') this.#answer();
  }

  /** The run's events up to `seq` are committed. */
  acknowledge(runId: string, seq: number): void {
    const events = this.#kept.get(runId);
    if (!events) return;
    const left = events.filter((event) => event.seq > seq);
    this.#keptCount -= events.length - left.length;
    if (left.length > 0) this.#kept.set(runId, left);
    else this.#kept.delete(runId);
    this.#silenceMs = this.#options.resendMs;
    if (this.#state === 'resting') this.#awaitCommits();
    if (this.#state === 'resting' || this.#state === 'blocked') this.#answer();
  }

  /** Runs that have events which are not committed. */
  runIds(): string[] {
    return [...this.#kept.keys()];
  }

  /** The server may be there again: does not wait for the next attempt. */
  retry(): void {
    if (this.#state === 'blocked') this.#schedule();
  }

  /** Sends all that is kept: the server or the sweep is back, perhaps with an empty stream. */
  resend(): void {
    if (this.#state === 'closed') return;
    this.#queue = this.#everything();
    if (this.#state === 'resting' || this.#state === 'blocked') this.#schedule();
  }

  /** Settles when everything was sent once. */
  sent(): Promise<void> {
    if (this.#state === 'resting' || this.#state === 'closed') return Promise.resolve();
    return new Promise((resolve) => this.#onRest.push(resolve));
  }

  close(): void {
    this.#state = 'closed';
    this.#clearTimer();
    this.#queue = [];
    this.#kept.clear();
    this.#keptCount = 0;
    this.#release();
    for (const resolve of this.#onRest.splice(0)) resolve();
  }

  /** Everything of one turn of the event loop goes in one batch. */
  #schedule(): void {
    this.#clearTimer();
    this.#state = 'scheduled';
    setImmediate(() => {
      if (this.#state === 'scheduled') void this.#send();
    });
  }

  async #send(): Promise<void> {
    this.#state = 'sending';
    const batch = this.#queue.splice(0, MAX_BATCH).filter((event) => this.#isKept(event));
    const waiting = this.#queue.length === 0 ? this.#waiting.splice(0) : [];
    // The link tells people about an outage; here a rejection only means: later.
    const reply = batch.length === 0 ? NOTHING : await inTime(this.#options.send(batch)).catch(() => null);
    if (this.#isClosed()) {
      for (const onSent of waiting) onSent();
      return;
    }
    this.#waiting.unshift(...waiting);
    if (reply === null || reply.lost) {
      this.#queue = this.#everything();
      this.#block();
      if (reply?.lost) this.#options.onLost();
      return;
    }
    if (reply.stops.length > 0) this.#options.onStops(reply.stops);
    if (this.#keptCount < this.#options.limit)
      for (const onSent of this.#waiting.splice(0, waiting.length)) onSent();
    if (this.#isClosed()) return;
    if (this.#queue.length > 0) this.#schedule();
    else this.#rest();
  }

  #rest(): void {
    this.#state = 'resting';
    for (const resolve of this.#onRest.splice(0)) resolve();
    this.#awaitCommits();
  }

  #block(): void {
    this.#state = 'blocked';
    this.#answer();
    this.#clearTimer();
    this.#timer = setTimeout(() => {
      if (this.#state === 'blocked') this.#schedule();
    }, RETRY_MS);
  }

  #awaitCommits(): void {
    this.#clearTimer();
    if (this.#keptCount === 0) return;
    this.#timer = setTimeout(() => {
      // The stream has it all most likely and its reader is away: sending it ever faster would only fill Redis.
      this.#silenceMs = Math.min(2 * this.#silenceMs, MAX_RESEND_MS);
      this.resend();
    }, this.#silenceMs);
  }

  #answer(): void {
    if (this.#keptCount < this.#options.limit) this.#release();
  }

  #release(): void {
    for (const onSent of this.#waiting.splice(0)) onSent();
  }

  #everything(): RunEvent[] {
    return [...this.#kept.values()].flat();
  }

  #isKept(event: RunEvent): boolean {
    const oldest = this.#kept.get(event.runId)?.[0];
    return oldest !== undefined && event.seq >= oldest.seq;
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function inTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), SEND_TIMEOUT_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
