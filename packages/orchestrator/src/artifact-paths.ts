import { join } from 'node:path';

/** Below the store's folder: what workers write for people and for later attempts. */
export function artifactsDir(storeDir: string): string {
  return join(storeDir, 'artifacts');
}

/** Folder of all runs of one trial, relative to the artifacts folder, with `/`. */
export function trialPath(sweep: string, trial: number): string {
  return `${sweep}/${trial}`;
}

/** Folder of one run, relative to the artifacts folder, with `/`. */
export function runPath(sweep: string, trial: number, runId: string): string {
  return `${trialPath(sweep, trial)}/${runId}`;
}
