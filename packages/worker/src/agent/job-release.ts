import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '@tfsweep/orchestrator/protocol';

const RETRY_MS = 1_000;
const TRIES = 10;

/** Jobs on their way out of the queue. */
export class JobReleases {
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  /** Never rejects: a job that can't be taken out stalls there, and the orchestrator never starts it again. */
  release(delivery: Delivery): void {
    const leaving = this.#release(delivery).finally(() => this.#underWay.delete(leaving));
    this.#underWay.add(leaving);
  }

  /** Settles when all that has begun has come to an end. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** No more tries. */
  close(): void {
    this.#closing.abort();
  }

  async #release(delivery: Delivery): Promise<void> {
    for (let tries = 0; tries < TRIES && !this.#closing.signal.aborted; tries += 1) {
      try {
        await delivery.release();
        return;
      } catch {
        await sleep(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
      }
    }
  }
}
