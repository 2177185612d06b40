import type { Job } from '../protocol/job.ts';
import type { Crew } from './crew.ts';
import type { EndingWatch } from './ending.ts';
import type { Fleet } from './fleet.ts';
import type { OpenTrials } from './open-trials.ts';

/**
 * What a loop hands on to the one that goes on under other settings: what it knows and SQLite does not. Nothing else is
 * kept, so that all that follows from the settings is made anew.
 */
export interface Heritage {
  readonly isPaused: boolean;
  /** Who is there, and which runs were heard. */
  readonly fleet: Fleet;
  readonly crew: Crew;
  /** With runs that have been told to stop, workers that were lost and times at which attempts may start. */
  readonly trials: OpenTrials;
  /** How the first trials of this life ended. */
  readonly watch: EndingWatch;
  /** As the first loop read it: a file that was edited since is another trainer. */
  readonly trainer: Job['trainer'];
}
