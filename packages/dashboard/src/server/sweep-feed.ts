import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TrialRow } from '@tfsweep/orchestrator/store';
import type { TrialState } from '../wire.ts';
import type { StoreHandle } from './store-handle.ts';
import { trialView } from './views.ts';

/** Rows that are read in one go: some ten milliseconds, during which nothing else is served. */
const PAGE = 2_000;
const UNFINISHED: readonly TrialState[] = ['queued', 'running', 'paused'];

interface FeedRow {
  readonly version: number;
  /** The row as it is sent; two texts differ exactly when there is something to send. */
  readonly text: string;
}

/** Where a listener is: the feed that it has listened to, and the last version that it got. */
export interface Position {
  readonly epoch: string;
  readonly version: number;
}

/**
 * The rows of one sweep, each with the version at which it last changed, so that every listener, a returning one too,
 * gets just what it has not seen. A refresh costs what has changed, not what is there: a finished trial never
 * changes, and new ones come at the end.
 */
export class SweepFeed {
  /** Tells this feed's versions from those of another life of the server. */
  readonly epoch = randomBytes(6).toString('hex');
  readonly sweep: string;
  /** In order of version, because a changed row is put in anew. */
  readonly #rows = new Map<number, FeedRow>();
  readonly #unfinished = new Set<number>();
  #version = 0;
  /** Trials 0..n-1 by number that have been read at least once. */
  #paged = 0;
  #filled = false;

  constructor(sweep: string) {
    this.sweep = sweep;
  }

  get version(): number {
    return this.#version;
  }

  /** False while the first reading is under way. */
  get filled(): boolean {
    return this.#filled;
  }

  /** Reads what is new or may have changed. Stops early where the store can't be read any more. */
  async refresh(handle: StoreHandle): Promise<void> {
    const before = [...this.#unfinished];
    if (!(await this.#readNew(handle)) || !this.#readUnfinished(handle, before)) return;
    this.#filled = true;
  }

  /** At most `limit` rows that changed after `version`, oldest change first. */
  since(version: number, limit: number): FeedRow[] {
    const changed: FeedRow[] = [];
    if (version >= this.#version) return changed;
    for (const row of this.#rows.values()) {
      if (row.version > version && changed.push(row) === limit) break;
    }
    return changed;
  }

  async #readNew(handle: StoreHandle): Promise<boolean> {
    for (;;) {
      const query = { limit: PAGE, offset: this.#paged };
      const reading = handle.read((store) => store.trials(this.sweep, query));
      if (reading.kind !== 'ready') return false;
      for (const row of reading.value) this.#apply(row);
      this.#paged += reading.value.length;
      if (reading.value.length < PAGE) return true;
      await nextTurn();
    }
  }

  #readUnfinished(handle: StoreHandle, before: readonly number[]): boolean {
    const reading = handle.read((store) => {
      const rows = store.trials(this.sweep, { states: UNFINISHED });
      const still = new Set(rows.map((row) => row.number));
      const ended = before.filter((number) => !still.has(number));
      return [
        ...rows,
        ...ended.map((number) => store.trial(this.sweep, number)).filter((row) => row !== null),
      ];
    });
    if (reading.kind !== 'ready') return false;
    for (const row of reading.value) this.#apply(row);
    return true;
  }

  #apply(row: TrialRow): void {
    if (UNFINISHED.includes(row.state)) this.#unfinished.add(row.number);
    else this.#unfinished.delete(row.number);
    const text = JSON.stringify(trialView(row));
    if (this.#rows.get(row.number)?.text === text) return;
    this.#version += 1;
    this.#rows.delete(row.number);
    this.#rows.set(row.number, { version: this.#version, text });
  }
}
