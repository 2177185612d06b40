import type { ObservedTrial } from '../../samplers/sampler.ts';

/** Sees trials end and says when a search has nothing left to gain. Knows no time, file or Redis. */
export interface Terminator {
  /** A trial has ended; call in the order in which they end. */
  onEnd(trial: ObservedTrial): void;
  /** Why the search should end now; null while it should go on. */
  reason(): string | null;
}
