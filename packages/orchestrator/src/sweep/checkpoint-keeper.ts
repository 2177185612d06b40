import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactsDir, runPath, trialPath } from '../artifact-paths.ts';
import { objectivesOf } from '../config/metric-lists.ts';
import { removeArtifacts } from '../remove-artifacts.ts';
import type { CheckpointRow, Store, SweepRow, SweepTransaction } from '../store/types.ts';
import type { Study, StudyTrial } from '../study/types.ts';
import type { Aftermath } from './aftermath.ts';
import { neededCheckpoints } from './needed-checkpoints.ts';
import type { OpenTrials } from './open-trials.ts';

export interface CheckpointKeeperParts {
  readonly store: Store;
  readonly sweep: SweepRow;
  readonly study: Study;
  readonly trials: OpenTrials;
  readonly onNotice: (line: string) => void;
}

interface Removed {
  readonly trial: number;
  readonly row: CheckpointRow;
}

/** What `saveCheckpoint` of the worker names its folders, those that it never finished included. */
const FOLDER = /^checkpoint-\d+(\.writing-\d+)?$/;

/**
 * Removes checkpoints that can no longer be needed, besides the loop. First SQLite says why one is not needed, then its
 * folder goes, then its row: a crash in between leaves a row to a folder that is removed again, and never a trial
 * without what it goes on from. What lies on other hosts, in folders that this one does not share, stays there.
 */
export class CheckpointKeeper {
  readonly #parts: CheckpointKeeperParts;
  readonly #artifacts: string;
  /** Trials to look at. */
  readonly #marked = new Set<number>();
  /** Those that led when the keeper was last told: they are looked at again when others lead. */
  #leaders: readonly number[] = [];
  readonly #removed: Removed[] = [];
  #work: Promise<void> | null = null;
  #hasComplained = false;

  constructor(parts: CheckpointKeeperParts) {
    this.#parts = parts;
    this.#artifacts = artifactsDir(parts.store.dir);
    this.#leaders = this.#leading();
  }

  /** Looks for what earlier lives had no time to remove. */
  async open(): Promise<void> {
    if (!this.#isWanted) return;
    const names = await readdir(join(this.#artifacts, this.#parts.sweep.id)).catch(() => []);
    for (const name of names) if (/^\d+$/.test(name)) this.#marked.add(Number(name));
    this.#start();
  }

  /** After each commit. */
  look({ saved, finished }: Pick<Aftermath, 'saved' | 'finished'>): void {
    if (!this.#isWanted) return;
    for (const number of saved) this.#marked.add(number);
    for (const { number } of finished) this.#marked.add(number);
    if (finished.some(({ state }) => state === 'complete')) {
      for (const number of this.#leaders) this.#marked.add(number);
      this.#leaders = this.#leading();
    }
    this.#start();
  }

  /** Forgets the rows of what is gone. */
  commit(tx: SweepTransaction): void {
    for (const { trial, row } of this.#removed) tx.removeCheckpoint(trial, row);
    this.#removed.length = 0;
  }

  /** Resolves when nothing is left to remove now. */
  async settle(): Promise<void> {
    this.#start();
    await this.#work;
  }

  /** Removes no more. */
  async close(): Promise<void> {
    this.#marked.clear();
    await this.#work?.catch(() => undefined);
  }

  get #isWanted(): boolean {
    const { checkpoints } = this.#parts.sweep.config;
    return checkpoints !== null && !checkpoints.keep.includes('all');
  }

  #leading(): readonly number[] {
    const { study, sweep } = this.#parts;
    const best = study.best();
    if (best === null) return [];
    // The front is made anew for each look, of all trials.
    if (objectivesOf(sweep.config).length === 1) return [best.number];
    return study.front().map(({ number }) => number);
  }

  #start(): void {
    if (this.#work !== null) return;
    const work = this.#run().finally(() => {
      this.#work = null;
    });
    this.#work = work;
    // Heard of by `settle`, or by the loop itself when it meets the same broken store.
    work.catch(() => undefined);
  }

  async #run(): Promise<void> {
    for (let trial = this.#next(); trial !== undefined; trial = this.#next()) {
      this.#marked.delete(trial.number);
      await this.#tidy(trial);
    }
  }

  #next(): StudyTrial | undefined {
    const { study, trials } = this.#parts;
    for (const number of this.#marked) {
      const trial = study.trials()[number];
      // Where it is over but its run still writes, it is looked at again once that has ended.
      if (trial !== undefined && (!isOver(trial) || trials.get(number) === undefined)) return trial;
    }
    return undefined;
  }

  async #tidy(trial: StudyTrial): Promise<void> {
    const { store, sweep } = this.#parts;
    const { number } = trial;
    // Looked at now: while folders are removed the trial goes on, and so does what it needs.
    const wasOver = isOver(trial);
    const saved = store.checkpoints(sweep.id, number);
    // What leads is asked now as well: the study may know of an end that the keeper has not been told of yet.
    const leads = trial.state === 'complete' && this.#leading().includes(number);
    const needed = neededCheckpoints(saved, trial, leads, sweep.config);
    const kept = new Set(needed.map(({ path }) => path));
    for (const row of saved) {
      if (kept.has(row.path) || !this.#isOurs(number, row)) continue;
      if (await this.#remove(row.path)) this.#removed.push({ trial: number, row });
    }
    // What was saved in runs whose word was never committed has no row.
    if (!wasOver) return;
    for (const path of await this.#foldersOf(number)) if (!kept.has(path)) await this.#remove(path);
  }

  /** A path comes from a worker: what is not where checkpoints of this trial are is nothing to remove. */
  #isOurs(number: number, { path, step }: CheckpointRow): boolean {
    const [runId = '', folder = ''] = path
      .slice(trialPath(this.#parts.sweep.id, number).length + 1)
      .split('/');
    const expected = `${runPath(this.#parts.sweep.id, number, runId)}/checkpoint-${step}`;
    return /^[\w-]+$/.test(runId) && folder === `checkpoint-${step}` && path === expected;
  }

  async #foldersOf(number: number): Promise<string[]> {
    const trial = trialPath(this.#parts.sweep.id, number);
    const runs = await readdir(join(this.#artifacts, trial)).catch(() => []);
    const folders: string[] = [];
    for (const run of runs) {
      const names = await readdir(join(this.#artifacts, trial, run)).catch(() => []);
      folders.push(...names.filter((name) => FOLDER.test(name)).map((name) => `${trial}/${run}/${name}`));
    }
    return folders;
  }

  async #remove(path: string): Promise<boolean> {
    try {
      await removeArtifacts(this.#parts.store.dir, path);
      return true;
    } catch (error) {
      if (!this.#hasComplained) {
        const why = error instanceof Error ? error.message : String(error);
        this.#parts.onNotice(`A checkpoint that nobody needs any more can't be removed: ${why}`);
      }
      this.#hasComplained = true;
      return false;
    }
  }
}

function isOver({ state }: StudyTrial): boolean {
  return state !== 'running' && state !== 'paused';
}
