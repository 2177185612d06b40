import { constrainedDominates, type Outcome } from '../../objectives/index.ts';
import type { Terminator } from './terminator.ts';

/**
 * Ends a search in which `patience` trials in a row, complete or pruned, have brought nothing better (Optuna's
 * `BestValueStagnationEvaluator`). With several objectives, better is what no earlier trial dominates or equals.
 */
export function createStagnation(patience: number): Terminator {
  let front: Outcome[] = [];
  let since = 0;

  function isBetter(outcome: Outcome): boolean {
    return !front.some((known) => constrainedDominates(known, outcome) || isEqual(known, outcome));
  }

  return {
    onEnd({ state, losses, violations }) {
      if (state !== 'complete' && state !== 'pruned') return;
      const outcome = losses !== null && violations !== null ? { losses, violations } : null;
      if (outcome === null || !isBetter(outcome)) {
        since += 1;
        return;
      }
      front = [...front.filter((known) => !constrainedDominates(outcome, known)), outcome];
      since = 0;
    },
    // A search in which nothing is complete yet is no stagnant one.
    reason: () =>
      front.length > 0 && since >= patience
        ? `the last ${since} trials brought nothing better (terminate.stagnation)`
        : null,
  };
}

function isEqual(a: Outcome, b: Outcome): boolean {
  for (let i = 0; i < a.losses.length; i++) if (a.losses[i] !== b.losses[i]) return false;
  return true;
}
