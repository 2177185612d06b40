import { StudyError } from '../study-error.ts';
import type { StudyOptions } from '../types.ts';
import { createRegret } from './regret.ts';
import { createStagnation } from './stagnation.ts';
import type { Terminator } from './terminator.ts';

/**
 * All that the options ask for; the first reason of any ends the search. null: they ask for nothing.
 * @throws StudyError for a bound of the regret of several metrics.
 */
export function createTerminator({
  terminate,
  parameters,
  seed,
  otherMetrics = [],
}: Pick<StudyOptions, 'terminate' | 'parameters' | 'seed' | 'otherMetrics'>): Terminator | null {
  if (terminate === undefined || terminate === null) return null;
  const { stagnation, regret } = terminate;
  if (regret !== null && otherMetrics.some((metric) => 'goal' in metric))
    throw new StudyError('`terminate.regret` is a bound for one metric; this study has several.');
  const parts: Terminator[] = [];
  if (stagnation !== null) parts.push(createStagnation(stagnation));
  if (regret !== null) parts.push(createRegret(regret, parameters, seed));
  return {
    onEnd: (trial) => {
      for (const part of parts) part.onEnd(trial);
    },
    reason: () => parts.reduce<string | null>((reason, part) => reason ?? part.reason(), null),
  };
}
