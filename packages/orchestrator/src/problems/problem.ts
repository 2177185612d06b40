import { checkSpace } from '../space/check-space.ts';
import type { Params, Space } from '../space/types.ts';
import { compileExpressions } from './expression.ts';
import { compileForestTable } from './forest-table.ts';
import { type ProblemFile, parseProblemFile } from './format.ts';
import { spaceOfProblem } from './problem-space.ts';

/** Something to minimise whose best value is known. */
export interface Problem {
  readonly name: string;
  readonly space: Space;
  readonly optimum: { readonly value: number; readonly params: Params | null };
  /** The steps at which a learning curve is known; null where the objective is one number. */
  readonly steps: readonly number[] | null;
  /** The true value of a point: at the last step, where there are steps. */
  evaluate(params: Params): number;
  /** One value per entry of `steps`; one value in all where there are none. */
  curve(params: Params): readonly number[];
  /** What was measured of the time that training takes, where the problem knows it. */
  readonly times: MeasuredTimes | null;
}

/** Seconds for all steps of configurations that were really trained. */
export interface MeasuredTimes {
  readonly params: readonly Params[];
  readonly seconds: readonly number[];
}

/**
 * @param source what messages call the text, such as its path.
 * @throws ProblemError or SpaceError for a text that is no problem.
 */
export function readProblem(text: string, source: string): Problem {
  return problemOf(parseProblemFile(text, source));
}

export function problemOf(file: ProblemFile): Problem {
  const space = spaceOfProblem(file.space);
  checkSpace(space);
  const { objective, name, optimum } = file;
  const times = timesOf(file);
  if (objective.kind === 'forest-table') {
    const curve = compileForestTable(objective);
    return { name, space, optimum, times, steps: objective.steps, curve, evaluate: (p) => curve(p).at(-1)! };
  }
  const evaluate = compileExpressions(
    space.map((parameter) => parameter.name),
    objective.let,
    objective.value,
  );
  return { name, space, optimum, times, steps: null, evaluate, curve: (params) => [evaluate(params)] };
}

function timesOf({ table_params, table_seconds }: ProblemFile): MeasuredTimes | null {
  if (table_params === undefined || table_seconds === undefined) return null;
  return { params: table_params, seconds: table_seconds };
}
