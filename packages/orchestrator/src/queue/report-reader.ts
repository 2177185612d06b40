import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { decodeEvent } from '../protocol/events.ts';
import { MAX_EVENT_BYTES, type ReadResult, type ReceivedEvent } from '../protocol/links.ts';
import { MAX_BLOCK_MS } from '../protocol/redis/index.ts';

const UNBLOCK_RETRY_MS = 5;
const LOST: ReadResult = { kind: 'lost' };

type Reply = [error: Error | null, result: unknown];
type StreamEntries = [key: string, entries: [id: string, fields: string[]][]][];

/** Reads a sweep's report stream on a connection of its own, which a waiting read occupies. */
export class ReportReader {
  /** Of the stream that is read; another one in Redis means that ours is lost. */
  epoch = '';
  readonly #blocking: Redis;
  readonly #commands: Redis;
  readonly #keys: { readonly events: string; readonly epoch: string };
  /** By which another connection ends a wait of the blocking one. A new connection has a new one. */
  #clientId: number | null = null;
  #pending: Promise<unknown> | null = null;

  constructor(blocking: Redis, commands: Redis, keys: { readonly events: string; readonly epoch: string }) {
    this.#blocking = blocking;
    this.#commands = commands;
    this.#keys = keys;
    this.#learnClientId();
    blocking.on('ready', () => this.#learnClientId());
  }

  async read(position: string, { limit, waitMs }: { limit: number; waitMs: number }): Promise<ReadResult> {
    const after = position === '' ? '0' : position;
    const { events, epoch } = this.#keys;
    const pipeline = this.#blocking.pipeline();
    const blockMs = Math.min(Math.floor(waitMs), MAX_BLOCK_MS);
    // BLOCK 0 would wait for ever.
    if (blockMs > 0) pipeline.xread('COUNT', limit, 'BLOCK', blockMs, 'STREAMS', events, after);
    else pipeline.xread('COUNT', limit, 'STREAMS', events, after);
    // Asked behind the read, in the same round trip: what was read from a stream that is no longer ours is not used.
    const pending = pipeline.get(epoch).exists(events).exec();
    this.#pending = pending;
    try {
      return this.#understand((await pending) ?? []);
    } finally {
      if (this.#pending === pending) this.#pending = null;
    }
  }

  /** Ends a read that waits on the server. One that has not reached it yet is met by asking again. */
  interrupt(): void {
    if (this.#pending !== null) void this.#unblock(this.#pending);
  }

  close(): void {
    this.#pending = null;
    this.#blocking.disconnect();
  }

  #understand(replies: readonly Reply[]): ReadResult {
    const failure = replies.find(([error]) => error !== null)?.[0];
    // Another kind of value under our key is no stream of ours either.
    if (failure?.message.startsWith('WRONGTYPE')) return LOST;
    if (failure) throw failure;
    const [entries, epoch, exists] = replies.map(([, result]) => result);
    if (epoch !== this.epoch || exists !== 1) return LOST;
    return { kind: 'events', events: (entries as StreamEntries | null)?.[0]?.[1].map(toEvent) ?? [] };
  }

  async #unblock(read: Promise<unknown>): Promise<void> {
    try {
      while (this.#pending === read && this.#clientId !== null) {
        if ((await this.#commands.client('UNBLOCK', this.#clientId)) === 1) return;
        await sleep(UNBLOCK_RETRY_MS);
      }
    } catch {
      // Without a connection there is no read that still waits.
    }
  }

  #learnClientId(): void {
    this.#clientId = null;
    this.#blocking.client('ID').then(
      (id) => {
        this.#clientId = id;
      },
      () => undefined,
    );
  }
}

function toEvent([position, fields]: [id: string, fields: string[]]): ReceivedEvent {
  const [field, text] = fields;
  const readable = field === 'e' && text !== undefined && Buffer.byteLength(text) <= MAX_EVENT_BYTES;
  return { position, event: readable ? decodeEvent(text) : null };
}
