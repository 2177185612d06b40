import { describe, expect, it } from 'vitest';
import { createRng } from '../study/rng.ts';
import { createAsha } from './asha.ts';
import { createHyperband } from './hyperband.ts';
import { BracketShares, bracketSizes, createHyperbandBrackets } from './hyperband-brackets.ts';
import { type Arrival, randomCurves, trainShuffled } from './testing/arrivals.ts';

const STEPS = 32;

/**
 * Whether the rule of the paper stops the last of these reports: from nothing but the list of what arrived. A rung
 * holds what each trial reported there; its best floor(n / eta) go on, and all of it while that is none.
 */
function ashaStops(arrived: readonly Arrival[], rungs: readonly number[], eta: number): boolean {
  const { step, loss } = arrived.at(-1)!;
  if (!rungs.includes(step)) return false;
  const rung = arrived.filter((one) => one.step === step);
  const places = Math.floor(rung.length / eta);
  return places > 0 && rung.filter((one) => one.loss < loss).length >= places;
}

const ORDERS = [
  { seed: 1, inFlight: 1, eta: 3, rungs: [1, 3, 9, 27] },
  { seed: 2, inFlight: 7, eta: 3, rungs: [1, 3, 9, 27] },
  { seed: 3, inFlight: 30, eta: 2, rungs: [1, 2, 4, 8, 16] },
  { seed: 4, inFlight: 100, eta: 4, rungs: [1, 4, 16] },
];

describe('asha', () => {
  it.each(ORDERS)(
    'stops as the paper does in any order of arrival ($inFlight in flight, eta $eta)',
    (order) => {
      const { seed, inFlight, eta, rungs } = order;
      const rng = createRng(seed, 0, 'curves');
      const asha = createAsha({ minIter: 1, maxIter: STEPS, eta });
      const arrivals = trainShuffled(asha, randomCurves(rng, 150, STEPS), inFlight, rng);
      for (const [i, { stop }] of arrivals.entries())
        expect(stop, `report ${i}`).toBe(ashaStops(arrivals.slice(0, i + 1), rungs, eta));
      expect(arrivals.filter(({ stop }) => stop).length).toBeGreaterThan(75);
    },
  );
});

/** W&B's rule: at every report, the trial's best against the best 1/eta of its latest rung. */
function wandbStops(arrived: readonly Arrival[], rungs: readonly number[], eta: number): boolean {
  const { number, step } = arrived.at(-1)!;
  const latest = rungs.findLast((rung) => rung <= step);
  if (latest === undefined || step >= STEPS) return false;
  const best = Math.min(...arrived.filter((one) => one.number === number).map(({ loss }) => loss));
  const rung = arrived.filter((one) => one.step === latest).map(({ loss }) => loss);
  return best > rung.toSorted((a, b) => a - b)[Math.floor(rung.length / eta)]!;
}

describe("W&B's hyperband", () => {
  it.each(ORDERS)(
    'stops as its source does in any order of arrival ($inFlight in flight, eta $eta)',
    (order) => {
      const { seed, inFlight, eta, rungs } = order;
      const rng = createRng(seed, 0, 'curves');
      const hyperband = createHyperband({ minIter: 1, maxIter: STEPS, eta, s: null, strict: false });
      const arrivals = trainShuffled(hyperband, randomCurves(rng, 150, STEPS), inFlight, rng);
      for (const [i, { stop }] of arrivals.entries())
        expect(stop, `report ${i}`).toBe(wandbStops(arrivals.slice(0, i + 1), rungs, eta));
      expect(arrivals.filter(({ stop }) => stop).length).toBeGreaterThan(75);
    },
  );
});

describe("hyperband's brackets", () => {
  it('are six from 1 to 243 at eta 3, of the sizes of the paper’s Table 1 rule ⌈(s_max + 1) eta^s / (s + 1)⌉', () => {
    expect(bracketSizes(6, 3)).toEqual([243, 98, 41, 18, 9, 6]);
    // Li et al. 2018, Table 1: R = 81.
    expect(bracketSizes(5, 3)).toEqual([81, 34, 15, 8, 5]);
  });

  it('are dealt trial numbers in proportion to their sizes, at every moment', () => {
    const sizes = bracketSizes(6, 3);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const shares = new BracketShares(sizes);
    const dealt = sizes.map(() => 0);
    for (let number = 0; number < 2 * total; number++) {
      dealt[shares.of(number)]! += 1;
      for (const [k, size] of sizes.entries())
        expect(Math.abs(dealt[k]! - ((number + 1) * size) / total)).toBeLessThanOrEqual(1.5);
    }
    expect(dealt).toEqual(sizes.map((size) => 2 * size));
  });

  it('follow from the number alone, whoever asks first', () => {
    const ascending = new BracketShares([9, 5, 3]);
    const descending = new BracketShares([9, 5, 3]);
    const numbers = Array.from({ length: 40 }, (_, number) => number);
    const given = numbers.toReversed().map((number) => descending.of(number));
    expect(numbers.map((number) => ascending.of(number))).toEqual(given.reverse());
  });

  it.each(ORDERS)(
    'judge a trial among its own bracket, from a rung that comes eta times later in each ($inFlight in flight, eta $eta)',
    (order) => {
      const { seed, inFlight, eta, rungs } = order;
      const rng = createRng(seed, 0, 'curves');
      const shares = new BracketShares(
        bracketSizes(rungs.length + (rungs.at(-1)! * eta <= STEPS ? 1 : 0), eta),
      );
      const hyperband = createHyperbandBrackets({ minIter: 1, maxIter: STEPS, eta });
      const arrivals = trainShuffled(hyperband, randomCurves(rng, 150, STEPS), inFlight, rng);
      let stops = 0;
      for (const [i, arrival] of arrivals.entries()) {
        const bracket = shares.of(arrival.number);
        const own = arrivals.slice(0, i + 1).filter(({ number }) => shares.of(number) === bracket);
        expect(arrival.stop, `report ${i}`).toBe(ashaStops(own, rungs.slice(bracket), eta));
        if (arrival.stop) stops++;
      }
      expect(stops).toBeGreaterThan(40);
    },
  );
});
