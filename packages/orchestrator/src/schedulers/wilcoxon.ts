import { wilcoxonSignedRank } from '../statistics/index.ts';
import type { LossReport, Scheduler } from './scheduler.ts';
import { OpenLosses, type TrialLosses } from './trial-losses.ts';

export interface WilcoxonOptions {
  /** 0..1: a trial stops where the test is surer than this that it is worse than the best one. */
  readonly pThreshold: number;
  /** Folds that both trials must have before one is stopped; 2 are needed in any case. */
  readonly startupSteps: number;
}

interface BestTrial {
  readonly number: number;
  readonly loss: number;
  readonly losses: TrialLosses;
}

/**
 * For steps that are folds, seeds or instances, which may come in any order: stops a trial once a signed-rank test
 * against the best complete trial, paired by step, says that it is worse (Optuna's `WilcoxonPruner`). Never stops one
 * whose mean so far is no worse than the best trial's, nor one with a loss that is not finite.
 */
export function createWilcoxon({ pThreshold, startupSteps }: WilcoxonOptions): Scheduler {
  const open = new OpenLosses();
  let best: BestTrial | null = null;

  function onReport({ number, step, loss }: LossReport): string | null {
    const trial = open.record(number, step, loss);
    if (best === null || !allFinite(trial) || !allFinite(best.losses)) return null;
    const differences: number[] = [];
    for (const [at, mine] of trial.entries()) {
      const theirs = best.losses.get(at);
      if (theirs !== undefined) differences.push(mine - theirs);
    }
    if (differences.length < Math.max(2, startupSteps)) return null;
    const { p } = wilcoxonSignedRank(differences, { alternative: 'greater', zeros: 'split' });
    if (p >= pThreshold || mean(best.losses) >= mean(trial)) return null;
    return `wilcoxon: worse than trial ${best.number} on ${differences.length} common steps (p = ${p.toPrecision(2)})`;
  }

  return {
    name: 'wilcoxon',
    onReport,
    onEnd: (number, state, told) => {
      const losses = open.close(number);
      if (state !== 'complete' || losses === undefined) return;
      const loss = told ?? mean(losses);
      const better = best === null || loss < best.loss || (loss === best.loss && number < best.number);
      if (better) best = { number, loss, losses };
    },
  };
}

function allFinite(trial: TrialLosses): boolean {
  for (const [, loss] of trial.entries()) if (!Number.isFinite(loss)) return false;
  return true;
}

function mean(trial: TrialLosses): number {
  let sum = 0;
  for (const [, loss] of trial.entries()) sum += loss;
  return sum / trial.size;
}
