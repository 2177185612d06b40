import { bootstrapDifference, mean } from '@tfsweep/orchestrator/problems';
import { regretsAt, round } from './cells.mjs';
import { optunaRegrets } from './optuna.mjs';

/** A difference of mean regrets that counts: 'worse' is an interval that lies wholly above it. */
const MARGIN = 0.02;
/** Which of Optuna's samplers ours are compared with. `auto`: with the best of them for each problem, in hindsight. */
const RIVALS = {
  tpe: ['tpe'],
  gp: ['gp'],
  cmaes: ['cmaes'],
  random: ['random'],
  auto: ['tpe', 'tpe_mvgroup', 'gp', 'cmaes'],
};

/** Whether ours is worse than Optuna's, problem by problem: bootstrap of the difference of mean regrets. */
export function verdicts({ samplers, problems, checkpoints }, select) {
  const list = [];
  for (const sampler of samplers) {
    for (const trials of checkpoints.filter((t) => t >= 50)) {
      for (const problem of problems) {
        const ours = regretsAt(select({ sampler, problem }), trials);
        const rivals = (RIVALS[sampler] ?? [])
          .map((rival) => ({ rival, regrets: optunaRegrets(problem, rival, trials) }))
          .filter(({ regrets }) => regrets !== null)
          .sort((a, b) => mean(a.regrets) - mean(b.regrets));
        const [best] = rivals;
        if (ours.length === 0 || best === undefined) continue;
        list.push({ sampler, trials, problem, rival: best.rival, ...compared(ours, best.regrets) });
      }
    }
  }
  return list;
}

function compared(ours, theirs) {
  const { difference, low, high, paired } = bootstrapDifference(ours, theirs, 0);
  const verdict = low > MARGIN ? 'worse' : high < -MARGIN ? 'better' : 'no worse';
  return { difference: round(difference), low: round(low), high: round(high), paired, verdict };
}

/** The same seeds in an earlier store, sampler by sampler: what a change did. */
export function againstEarlier({ samplers, problems, checkpoints }, select, results, earlier) {
  const list = [];
  for (const sampler of samplers) {
    for (const trials of checkpoints) {
      for (const problem of problems) {
        const ours = regretsAt(select({ sampler, problem }, results), trials);
        const theirs = regretsAt(select({ sampler, problem }, earlier), trials);
        if (ours.length === 0 || theirs.length !== ours.length) continue;
        list.push({ sampler, trials, problem, ...compared(ours, theirs) });
      }
    }
  }
  return list;
}
