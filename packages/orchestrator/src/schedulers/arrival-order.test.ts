import { describe, expect, it } from 'vitest';
import { wilcoxonSignedRank } from '../statistics/index.ts';
import { createRng } from '../study/rng.ts';
import { createPercentile } from './percentile.ts';
import { type Arrival, randomCurves, trainShuffled } from './testing/arrivals.ts';
import { createWilcoxon } from './wilcoxon.ts';

const STEPS = 12;

/** What was reported by trials that had completed before the report at `end`, and so far by its own trial. */
function knownAt(arrivals: readonly Arrival[], end: number): { complete: Arrival[][]; own: Arrival[] } {
  const before = arrivals.slice(0, end + 1);
  const { number } = before.at(-1)!;
  const byTrial = new Map<number, Arrival[]>();
  for (const arrival of before)
    byTrial.set(arrival.number, [...(byTrial.get(arrival.number) ?? []), arrival]);
  const own = byTrial.get(number)!;
  byTrial.delete(number);
  const complete = [...byTrial.values()].filter(
    (reports) => reports.length === STEPS && !reports.at(-1)!.stop,
  );
  return { complete, own };
}

const lossesOf = (reports: readonly Arrival[]): number[] => reports.map(({ loss }) => loss);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** NumPy's linear interpolation. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(rank)]!;
  return low + (sorted[Math.ceil(rank)]! - low) * (rank % 1);
}

const ORDERS = [
  { seed: 1, inFlight: 1 },
  { seed: 2, inFlight: 5 },
  { seed: 3, inFlight: 25 },
];

describe.each(ORDERS)('in any order of arrival ($inFlight in flight)', ({ seed, inFlight }) => {
  const rng = createRng(seed, 0, 'curves');
  const curves = randomCurves(rng, 100, STEPS);

  it('percentile compares the best so far with the complete trials at that step', () => {
    const options = { percentile: 40, startupTrials: 4, warmupSteps: 3, intervalSteps: 2, minTrials: 5 };
    const arrivals = trainShuffled(createPercentile(options), curves, inFlight, rng);
    let stops = 0;
    for (const [i, { step, stop }] of arrivals.entries()) {
      const { complete, own } = knownAt(arrivals, i);
      const isChecked = step >= 3 && (step - 3) % 2 === 0 && complete.length >= 5;
      const bar = isChecked
        ? percentile(
            complete.map((reports) => reports[step - 1]!.loss),
            40,
          )
        : Infinity;
      expect(stop, `report ${i}`).toBe(Math.min(...lossesOf(own)) > bar);
      if (stop) stops++;
    }
    expect(stops).toBeGreaterThan(20);
  });

  it('wilcoxon compares with the best complete trial, step by step', () => {
    const arrivals = trainShuffled(
      createWilcoxon({ pThreshold: 0.05, startupSteps: 3 }),
      curves,
      inFlight,
      rng,
    );
    let stops = 0;
    for (const [i, { stop }] of arrivals.entries()) {
      const { complete, own } = knownAt(arrivals, i);
      // A trial's value is its last loss here; of equals the lowest number is the best.
      const best = complete.toSorted(
        (a, b) => a.at(-1)!.loss - b.at(-1)!.loss || a[0]!.number - b[0]!.number,
      )[0];
      let isWorse = false;
      if (best !== undefined && own.length >= 3) {
        const differences = own.map(({ step, loss }) => loss - best[step - 1]!.loss);
        const { p } = wilcoxonSignedRank(differences, { alternative: 'greater', zeros: 'split' });
        isWorse = p < 0.05 && mean(lossesOf(own)) > mean(lossesOf(best));
      }
      expect(stop, `report ${i}`).toBe(isWorse);
      if (stop) stops++;
    }
    expect(stops).toBeGreaterThan(20);
  });
});
