import { describe, expect, it } from 'vitest';
import { createRng } from '../../study/rng.ts';
import { type ChoiceModel, createChoiceModel, updateChoices } from './choice-model.ts';

const sum = (ps: readonly number[]): number => ps.reduce((total, p) => total + p, 0);

/** Generations of eight trials that choose by the model; the weights favour those with few choices other than 0. */
function learn(
  model: ChoiceModel,
  generations: number,
  loss: (choices: readonly number[]) => number,
): ChoiceModel {
  const rng = createRng(4, 0, 'test');
  const weights = Float64Array.from([0.5, 0.3, 0.2, 0, 0, -0.2, -0.3, -0.5]);
  let state = model;
  for (let g = 0; g < generations; g++) {
    const points = Array.from({ length: 8 }, () =>
      state.probabilities.map((ps) => {
        const u = rng.next();
        let [k, below] = [0, ps[0]!];
        while (u >= below && k < ps.length - 1) below += ps[++k]!;
        return k;
      }),
    );
    points.sort((a, b) => loss(a) - loss(b));
    state = updateChoices(state, points, weights);
    for (const ps of state.probabilities) expect(sum(ps)).toBeCloseTo(1, 12);
  }
  return state;
}

describe('the probabilities of choices', () => {
  it('go to the better choice of each parameter and leave each other its floor', () => {
    const even = [0.25, 0.25, 0.25, 0.25];
    const start = createChoiceModel([even, even, even]);
    const { probabilities, floors } = learn(start, 40, (choices) => choices.filter((c) => c !== 0).length);
    for (const [k, ps] of probabilities.entries()) {
      expect(ps[0]).toBeGreaterThan(0.6);
      for (const [c, p] of ps.entries()) expect(p).toBeGreaterThanOrEqual(floors[k]![c]! - 1e-12);
    }
    // All three at their most likely choice, once all others are at the floor: 0.73 (Hamano et al. 2024).
    const settled = floors.map((fs) => 1 - sum(fs.slice(1)));
    expect(settled.reduce((product, p) => product * p, 1)).toBeCloseTo(0.73, 12);
  });

  it('never raise a choice that the space rules out', () => {
    const start = createChoiceModel([[0.5, 0.5, 0]]);
    expect(learn(start, 30, ([c]) => -c!).probabilities[0]![2]).toBe(0);
  });

  it('stay as they are for trials that lack the parameter', () => {
    const start = createChoiceModel([[0.5, 0.5]]);
    const none = Array.from({ length: 4 }, () => [-1]);
    expect(updateChoices(start, none, Float64Array.from([0.6, 0.4, -0.4, -0.6])).probabilities).toEqual([
      [0.5, 0.5],
    ]);
  });
});
