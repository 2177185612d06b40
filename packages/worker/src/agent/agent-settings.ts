import { fileURLToPath } from 'node:url';
import type { ParentBond } from './parent-bond.ts';

/** What is fixed for users and free for tests. Times in milliseconds. */
export interface AgentSettings {
  /** Absolute path of the runner's main module. */
  readonly runnerEntry: string;
  /** Where the host's device locks are; undefined: in the system's temp folder. */
  readonly lockFolder?: string;
  /** undefined: the best of this platform. */
  readonly bond?: ParentBond;
  /** Looks for listings and jobs, should a wake be lost. */
  readonly pollMs: number;
  /** Between two looks at the listings that wakes ask for. */
  readonly listingsMs: number;
  /** Silence after which events that are not committed are sent again. */
  readonly resendMs: number;
  /** `onlySweep` was listed and is no more: long enough for a flushed Redis to be filled again. */
  readonly sweepGoneMs: number;
  /** `onlySweep` was never listed. */
  readonly neverSeenMs: number;
  /** Runs of a sweep that nobody lists are handed back. */
  readonly abandonedMs: number;
  /** For the last events, at the end. */
  readonly flushMs: number;
}

export const DEFAULT_SETTINGS: AgentSettings = {
  // The same from src/agent and from dist/agent: what runs is always the built runner.
  runnerEntry: fileURLToPath(new URL('../../dist/runner/main.js', import.meta.url)),
  pollMs: 1_000,
  listingsMs: 200,
  resendMs: 2_000,
  sweepGoneMs: 5_000,
  neverSeenMs: 30_000,
  abandonedMs: 30_000,
  flushMs: 5_000,
};
