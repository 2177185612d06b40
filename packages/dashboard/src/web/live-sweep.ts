import type { LiveEvents, StoreStatus, SweepEntry, SweepView } from '../wire.ts';
import { readTrial, type Trial } from './trials.ts';

export interface LiveState {
  readonly connection: 'connecting' | 'live' | 'lost';
  /** null: not known yet. */
  readonly status: StoreStatus | null;
  /** Newest first; null: not known yet. */
  readonly sweeps: readonly SweepEntry[] | null;
  /** undefined: not known yet; null: there is none of that name. */
  readonly sweep: SweepView | null | undefined;
  /** By number. The map is another one after each change. */
  readonly trials: ReadonlyMap<number, Trial>;
  /** The first reading of the rows is through. */
  readonly loaded: boolean;
}

const REOPEN_MS = 2_000;
const NOTHING: LiveState = {
  connection: 'connecting',
  status: null,
  sweeps: null,
  sweep: undefined,
  trials: new Map(),
  loaded: false,
};

/** One sweep as the server pushes it. Listeners hear of changes at most once per frame. */
export class LiveSweep {
  #state = NOTHING;
  readonly #rows = new Map<number, Trial>();
  #source: EventSource | null = null;
  #sweep: string | null = null;
  #lastEventId = '';
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  #rowsChanged = false;
  readonly #listeners = new Set<() => void>();

  get state(): LiveState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Turns to another sweep; '' follows none, only the list of them. */
  follow(sweep: string): void {
    if (sweep === this.#sweep) return;
    this.#sweep = sweep;
    this.#lastEventId = '';
    this.#rows.clear();
    this.#rowsChanged = true;
    this.#change({ sweep: undefined, loaded: false });
    this.#open();
  }

  #open(): void {
    clearTimeout(this.#reopening);
    this.#source?.close();
    const since = this.#lastEventId ? `&since=${encodeURIComponent(this.#lastEventId)}` : '';
    const source = new EventSource(`/api/events?sweep=${encodeURIComponent(this.#sweep ?? '')}${since}`);
    this.#source = source;
    source.onopen = () => this.#change({ connection: 'live' });
    source.onerror = () => {
      this.#change({ connection: 'lost' });
      // The browser itself tries again after a cut, but gives up on an answer that is no event stream.
      if (source.readyState === EventSource.CLOSED) {
        this.#reopening = setTimeout(() => this.#open(), REOPEN_MS);
      }
    };
    on(source, 'status', (status) => this.#change({ status }));
    on(source, 'sweeps', (sweeps) => this.#change({ sweeps }));
    on(source, 'sweep', (sweep) => this.#change({ sweep }));
    on(source, 'rows', ({ reset, more, rows }, id) => {
      if (reset) this.#rows.clear();
      for (const row of rows) this.#rows.set(row.number, readTrial(row));
      this.#lastEventId = id;
      this.#rowsChanged = true;
      this.#change({ loaded: this.#state.loaded || !more });
    });
  }

  #change(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#rowsChanged) this.#state = { ...this.#state, trials: new Map(this.#rows) };
      this.#rowsChanged = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

function on<K extends keyof LiveEvents>(
  source: EventSource,
  name: K,
  listen: (data: LiveEvents[K], id: string) => void,
): void {
  source.addEventListener(name, (event: MessageEvent<string>) => {
    listen(JSON.parse(event.data) as LiveEvents[K], event.lastEventId);
  });
}
