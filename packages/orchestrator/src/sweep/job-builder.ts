import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SweepConfig } from '../config/sweep-config.ts';
import { TfsweepError } from '../errors.ts';
import { type Job, jobId, PROTOCOL_VERSION } from '../protocol/job.ts';
import type { SignedJob } from '../protocol/links.ts';
import { signJob } from '../protocol/signing.ts';
import type { CheckpointRow, SweepRow } from '../store/types.ts';
import { deriveSeed } from '../study/rng.ts';

/** What a job says of its trial beyond the sweep's own settings. */
export interface JobTrial {
  readonly number: number;
  readonly attempt: number;
  readonly params: Job['params'];
  readonly checkpoint: CheckpointRow | null;
  /** Where it pauses; null: it trains to its end. */
  readonly pauseAt: number | null;
}

/** Name that workers map to the sweep file's folder. */
export function rootName(configDir: string): string {
  return basename(configDir) || 'root';
}

/** Whether a worker has to have the sweep's folder: nothing but the packaged data sets comes without one. */
export function needsRoot(config: SweepConfig): boolean {
  if (config.trainer?.kind === 'module') return true;
  const dataset = config.trainer?.spec.dataset;
  return typeof dataset === 'object' && dataset !== null && ('csv' in dataset || 'jsonl' in dataset);
}

/**
 * Makes the jobs of one sweep. The trainer's hash is taken once: a module that is edited while the sweep runs is
 * refused by the workers instead of mixing two trainers in one leaderboard.
 */
export class JobBuilder {
  readonly #sweep: Pick<SweepRow, 'id' | 'name' | 'config' | 'configDir'>;
  readonly #secret: string;
  readonly trainer: Job['trainer'];

  /**
   * @param trainer as another builder of the sweep has read it. @default what the config and the module's file say now
   * @throws TfsweepError when the trainer module cannot be read.
   */
  constructor(
    sweep: Pick<SweepRow, 'id' | 'name' | 'config' | 'configDir'>,
    secret: string,
    trainer: Job['trainer'] = describeTrainer(sweep.config, sweep.configDir),
  ) {
    this.#sweep = sweep;
    this.#secret = secret;
    this.trainer = trainer;
  }

  describe(trial: JobTrial): Job {
    const { id, name, config, configDir } = this.#sweep;
    const declaredEpochs = config.trainer?.kind === 'declarative' ? config.trainer.spec.epochs : undefined;
    const whole = config.fidelity?.max ?? (typeof declaredEpochs === 'number' ? declaredEpochs : null);
    return {
      protocol: PROTOCOL_VERSION,
      sweep: id,
      sweepName: name,
      trial: trial.number,
      attempt: trial.attempt,
      params: trial.params,
      seed: deriveSeed(config.seed, trial.number, 'trainer'),
      trainer: this.trainer,
      root: rootName(configDir),
      budget: {
        unit: config.fidelity?.unit ?? 'epochs',
        from: trial.checkpoint?.step ?? 0,
        to: trial.pauseAt ?? whole,
      },
      timeLimitMs: config.budget.trialWallclockMs,
      stopGraceMs: config.stopGraceMs,
      checkpointEvery: config.checkpoints?.every ?? null,
      checkpoint:
        trial.checkpoint === null ? null : { step: trial.checkpoint.step, path: trial.checkpoint.path },
    };
  }

  build(trial: JobTrial): SignedJob {
    return signJob(
      jobId(this.#sweep.id, trial.number, trial.attempt),
      JSON.stringify(this.describe(trial)),
      this.#secret,
    );
  }
}

function describeTrainer(config: SweepConfig, configDir: string): Job['trainer'] {
  if (config.trainer === null) {
    throw new TfsweepError(
      'NO_TRAINER',
      'The sweep file has no `trainer:`; only ask-tell works without one.',
      {
        exitCode: 2,
      },
    );
  }
  if (config.trainer.kind === 'declarative') return { kind: 'declarative', spec: { ...config.trainer.spec } };
  const path = join(configDir, config.trainer.module);
  try {
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    return { kind: 'module', path: config.trainer.module, sha256, args: { ...config.trainer.args } };
  } catch (cause) {
    throw new TfsweepError(
      'TRAINER_NOT_FOUND',
      `The trainer module ${path} can't be read. \`trainer.module\` is relative to the sweep file.`,
      { exitCode: 2, cause },
    );
  }
}
