import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Store } from '@tfsweep/orchestrator/store';
import type { StoreStatus } from '../wire.ts';

export type Reading<T> =
  | { readonly kind: 'ready'; readonly value: T }
  | Exclude<StoreStatus, { readonly kind: 'ready' }>;

const RETRY_MS = 2_000;

interface Opened {
  readonly kind: 'open';
  readonly store: Store;
  readonly file: string;
}
type State =
  | Opened
  | { readonly kind: 'absent' }
  | { readonly kind: 'broken'; readonly message: string; readonly file: string; readonly at: number };

/** The store, which may not exist yet, be damaged, or be replaced by another file while the server runs. */
export class StoreHandle {
  readonly #dir: string;
  #state: State = { kind: 'absent' };
  #opened = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Counts how often a file was opened: what was read under another number may be of another file. */
  get generation(): number {
    return this.#opened;
  }

  /** Differs from the last one whenever there may be something new to read; cheap. */
  stamp(): string {
    const reading = this.read((store) => store.dataVersion());
    switch (reading.kind) {
      case 'ready':
        return `${this.#opened}.${reading.value}`;
      case 'absent':
        return 'absent';
      case 'broken':
        return `broken: ${reading.message}`;
    }
  }

  /** Runs `work`; what goes wrong in it is the store's state from then on, until a later try succeeds. */
  read<T>(work: (store: Store) => T): Reading<T> {
    const state = this.#open();
    if (state.kind === 'absent') return state;
    if (state.kind === 'broken') return { kind: 'broken', message: state.message };
    try {
      return { kind: 'ready', value: work(state.store) };
    } catch (error) {
      state.store.close();
      return this.#fail(error, state.file);
    }
  }

  close(): void {
    if (this.#state.kind === 'open') this.#state.store.close();
    this.#state = { kind: 'absent' };
  }

  #open(): State {
    const file = identityOf(join(this.#dir, 'tfsweep.db'));
    if (file === null) {
      this.close();
      return this.#state;
    }
    if (this.#state.kind === 'open' && this.#state.file !== file) this.close();
    if (this.#state.kind === 'open') return this.#state;
    const waits =
      this.#state.kind === 'broken' && this.#state.file === file && Date.now() < this.#state.at + RETRY_MS;
    if (waits) return this.#state;
    try {
      this.#state = { kind: 'open', store: openStore(this.#dir, { readonly: true }), file };
      this.#opened += 1;
    } catch (error) {
      this.#fail(error, file);
    }
    return this.#state;
  }

  #fail(error: unknown, file: string): { kind: 'broken'; message: string } {
    const message = error instanceof Error ? error.message : String(error);
    this.#state = { kind: 'broken', message, file, at: Date.now() };
    return { kind: 'broken', message };
  }
}

/** Tells a file from another that took its place; null where there is none. */
function identityOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}
