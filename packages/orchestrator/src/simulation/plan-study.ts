import type { Problem } from '../problems/problem.ts';
import { contains } from '../space/axis.ts';
import type { Distribution, Params, Space } from '../space/types.ts';
import type { StudyOptions } from '../study/types.ts';

export interface StudyPlan {
  readonly study: StudyOptions;
  /** What of the sweep can't be simulated with this problem, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Puts a problem in the place of a sweep's trainer. The sweep's own parameters are searched where they are the
 * problem's by name and range; otherwise the problem's.
 */
export function planStudy(given: StudyOptions, problem: Problem): StudyPlan {
  const notes: string[] = [];
  const misfit = misfitOf(given.parameters, problem);
  const keepsOwn = misfit === null;
  const points: readonly Params[] = keepsOwn ? given.points : [];
  const fixed = keepsOwn ? given.fixed : undefined;
  if (!keepsOwn) notes.push(`The parameters are those of ${problem.name}: ${misfit}.`);
  if (points.length < given.points.length)
    notes.push('`warm_start.points` are of other parameters: left out.');
  if ((given.otherMetrics ?? []).length > 0)
    notes.push(`${problem.name} has one metric: the others are left out.`);
  if (given.scheduler !== null && problem.steps === null)
    notes.push(`${problem.name} has no learning curves: \`early_terminate\` has nothing to stop.`);
  if (given.metric.goal === 'maximize')
    notes.push(
      `${problem.name} is minimized: what \`goal: maximize\` sees is its value with the sign turned.`,
    );
  return {
    notes,
    study: {
      ...given,
      parameters: keepsOwn ? given.parameters : problem.space,
      points,
      fixed,
      otherMetrics: [],
      transfer: [],
    },
  };
}

/** Why the sweep's parameters are not those of the problem; null: they are. */
function misfitOf(own: Space, { space, name }: Problem): string | null {
  const missing = space.find((parameter) => !own.some((mine) => mine.name === parameter.name));
  if (missing !== undefined) return `the sweep has no \`${missing.name}\``;
  const foreign = own.find((mine) => !space.some((parameter) => parameter.name === mine.name));
  if (foreign !== undefined) return `${name} has no \`${foreign.name}\``;
  const outside = own.find((mine) => {
    const { distribution } = space.find((parameter) => parameter.name === mine.name)!;
    return !valuesAtEnds(mine.distribution).every((value) => contains(distribution, value));
  });
  return outside === undefined
    ? null
    : `the sweep gives \`${outside.name}\` values that ${name} does not have`;
}

/** All choices, or both ends; of an endless distribution its middle. */
function valuesAtEnds(d: Distribution): Array<Params[string]> {
  switch (d.kind) {
    case 'constant':
      return [d.value];
    case 'categorical':
      return [...d.choices];
    case 'float':
    case 'int':
      return [d.low, d.high];
    case 'normal':
      return [d.log ? Math.exp(d.mu) : d.mu];
  }
}
