// What Optuna reaches, from the runs that are stored.
import { mean, normalisedRegret } from '@tfsweep/orchestrator/problems';
import { optunaMovedRuns, optunaObjectivesRuns, optunaRuns } from '../reference.mjs';
import { atEach, cell, meanOverProblems } from './cells.mjs';
import { scaleOfJob } from './job.mjs';
import { OBJECTIVES_PROBLEMS, objectivesProblem } from './objectives-problems.mjs';

const optuna = optunaRuns();

/** Regrets of one of Optuna's samplers on a problem; null where it did not run that far. */
export function optunaRegrets(problem, sampler, trials) {
  const runs = optuna[problem];
  const curves =
    runs.samplers[sampler]?.curves ?? (sampler === 'tpe_mvgroup' ? runs.samplers.tpe.curves : undefined);
  if (curves === undefined || curves[0].length < trials) return null;
  return curves.map((curve) => normalisedRegret(curve[trials - 1], runs));
}

export function optunaTable({ problems, checkpoints }) {
  const table = {};
  for (const sampler of SINGLE_SAMPLERS) {
    const byProblem = problems.map((problem) => [
      problem,
      atEach(checkpoints, (t) => {
        const regrets = optunaRegrets(problem, sampler, t);
        return regrets === null ? null : cell(regrets);
      }),
    ]);
    table[sampler] = {
      problems: Object.fromEntries(byProblem),
      mean: atEach(checkpoints, (t) => {
        const regrets = problems.map((problem) => optunaRegrets(problem, sampler, t));
        return regrets.some((values) => values === null) ? null : meanOverProblems(regrets);
      }),
    };
  }
  table.hindsight = hindsight(problems, checkpoints);
  return table;
}

const SINGLE_SAMPLERS = ['random', 'tpe', 'tpe_mvgroup', 'gp', 'cmaes'];

/** The best of Optuna's samplers for each problem, as nobody can know beforehand. */
function hindsight(problems, checkpoints) {
  const bestAt = (problem, t) =>
    SINGLE_SAMPLERS.map((sampler) => optunaRegrets(problem, sampler, t))
      .filter((regrets) => regrets !== null)
      .sort((a, b) => mean(a) - mean(b))[0];
  return {
    problems: Object.fromEntries(
      problems.map((problem) => [problem, atEach(checkpoints, (t) => cell(bestAt(problem, t)))]),
    ),
    mean: atEach(checkpoints, (t) => meanOverProblems(problems.map((problem) => bestAt(problem, t)))),
  };
}

/** Problems that any model of the results solves, wherever they are moved to. */
const EASY = ['branin2', 'rosenbrock5'];
export const isHard = (name) => !EASY.some((problem) => name.startsWith(`${problem}/`));

/** Optuna on the same instances, as far as it was run on them. */
export function optunaMoved(names, checkpoints) {
  const table = {};
  for (const [sampler, { curves }] of Object.entries(optunaMovedRuns())) {
    const ran = names.filter((name) => curves[name] !== undefined);
    const regrets = (name, t) => {
      const [problem, instance] = name.split('/');
      const scale = scaleOfJob({ problem, instance: Number(instance) });
      return curves[name][0].length < t
        ? null
        : curves[name].map((curve) => normalisedRegret(curve[t - 1], scale));
    };
    const meanOf = (list) =>
      atEach(checkpoints, (t) => {
        const all = list.map((name) => (ran.includes(name) ? regrets(name, t) : null));
        return all.length === 0 || all.includes(null) ? null : cell(all.map(mean));
      });
    const cellAt = (name, t) => (regrets(name, t) === null ? null : cell(regrets(name, t)));
    table[`Optuna ${sampler}`] = {
      instances: Object.fromEntries(
        names.map((name) => [
          name,
          atEach(checkpoints, (t) => (ran.includes(name) ? cellAt(name, t) : null)),
        ]),
      ),
      mean: meanOf(names),
      mean_hard: meanOf(names.filter(isHard)),
    };
  }
  return table;
}

/** Optuna on the problems with several objectives, by sampler, as far as it was run. */
export function optunaObjectives(checkpoints) {
  return Object.fromEntries(
    Object.entries(optunaObjectivesRuns()).map(([sampler, { curves }]) => {
      const regrets = (name, t) => {
        // Groups only tell conditional parameters apart: elsewhere `tpe_mvgroup` is `tpe`.
        const ofProblem =
          curves[name] ?? (sampler === 'tpe_mvgroup' ? optunaObjectivesRuns().tpe.curves[name] : []);
        if ((ofProblem[0]?.length ?? 0) < t) return null;
        return ofProblem.map((curve) => normalisedRegret(curve[t - 1], objectivesProblem(name).scale));
      };
      const cellAt = (name, t) => (regrets(name, t) === null ? null : cell(regrets(name, t)));
      return [
        sampler,
        {
          problems: Object.fromEntries(
            OBJECTIVES_PROBLEMS.map((name) => [name, atEach(checkpoints, (t) => cellAt(name, t))]),
          ),
          mean: atEach(checkpoints, (t) => {
            const all = OBJECTIVES_PROBLEMS.map((name) => regrets(name, t));
            return all.includes(null) ? null : meanOverProblems(all);
          }),
        },
      ];
    }),
  );
}
