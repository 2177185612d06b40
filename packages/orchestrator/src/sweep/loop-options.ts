import type { TrialQueue } from '../protocol/links.ts';
import type { SamplerPlugin } from '../samplers/plugin.ts';
import type { Store, SweepRow } from '../store/types.ts';
import type { Ending } from './ending.ts';
import type { LeaseTimes } from './fleet.ts';
import type { Heritage } from './heritage.ts';
import type { Snapshot } from './progress.ts';

export interface LoopOptions {
  readonly store: Store;
  readonly sweep: SweepRow;
  readonly queue: TrialQueue;
  readonly secret: string;
  /** Slots that are about to greet: work is queued for them before they do. */
  readonly expectedSlots: number;
  /** Nobody but workers of this host can serve the sweep: when all of them refuse, it ends. */
  readonly localOnly: boolean;
  /** This launch has workers of its own: on Ctrl-C they hand back what they run, and the loop waits for that. */
  readonly handsBack: boolean;
  /** Aborted by Ctrl-C: what runs is handed back or left to its workers, the sweep is `paused`. */
  readonly signal: AbortSignal;
  /** What `sampler: {module: …}` stands for. @default none */
  readonly samplerPlugin?: SamplerPlugin | null;
  /** @default DEFAULT_LEASES */
  readonly leases?: LeaseTimes;
  /** The settings were changed while the sweep ran: this loop goes on where another one of this process left off. */
  readonly heritage?: Heritage;
  readonly onSnapshot: (snapshot: Snapshot) => void;
  readonly onNotice: (line: string) => void;
}

export type LoopEnd = ({ readonly kind: 'ended' } & Ending) | { readonly kind: 'interrupted' };
/** Other settings hold from now on: another loop has to go on. */
export type Reconfigured = { readonly kind: 'reconfigured'; readonly heritage: Heritage };
