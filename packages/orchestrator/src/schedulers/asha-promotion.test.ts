import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../study/rng.ts';
import { createAshaPromotion } from './asha-promotion.ts';

const ETA = 3;
const MIN = 1;
const MAX = 27;
const RUNGS = [1, 3, 9];

/** Algorithm 2 of the paper as it stands there: sets and sorting, nothing kept up to date. */
class PaperAsha {
  /** What finished in each rung. The last is that of whole trials, from which nobody is promoted. */
  readonly #rungs: Array<Map<number, number>> = [...RUNGS, MAX].map(() => new Map());
  readonly #promoted: Array<Set<number>> = [...RUNGS, MAX].map(() => new Set());

  finish(number: number, rung: number, loss: number): void {
    this.#rungs[rung]!.set(number, loss);
  }

  getJob(): { number: number; rung: number } | null {
    for (let k = RUNGS.length - 1; k >= 0; k--) {
      const rung = [...this.#rungs[k]!];
      const ranked = rung.toSorted(([a, lossA], [b, lossB]) => lossA - lossB || a - b);
      const candidates = ranked.slice(0, Math.floor(rung.length / ETA));
      const promotable = candidates.filter(([number]) => !this.#promoted[k]!.has(number));
      if (promotable.length > 0) {
        this.#promoted[k]!.add(promotable[0]![0]);
        return { number: promotable[0]![0], rung: k + 1 };
      }
    }
    return null;
  }
}

interface Job {
  readonly number: number;
  readonly rung: number;
}

/** `workers` jobs at once that finish in random order; each time both implementations say what comes next. */
function compare(
  workers: number,
  trials: number,
  lossAt: (number: number, rung: number) => number,
  rng: Rng,
) {
  const asha = createAshaPromotion({ minIter: MIN, maxIter: MAX, eta: ETA });
  const promotion = asha.promotion!;
  const paper = new PaperAsha();
  const running: Job[] = [];
  const reached = new Map<number, number>();
  let fresh = 0;
  let promotions = 0;
  for (;;) {
    while (running.length < workers) {
      const expected = paper.getJob();
      const next = promotion.next(false);
      expect(next).toBe(expected === null ? null : expected.number);
      if (expected !== null) {
        promotion.resume(expected.number);
        promotions++;
      }
      if (expected === null && fresh === trials) break;
      const job = expected ?? { number: fresh++, rung: 0 };
      expect(promotion.goal(job.number)).toBe(RUNGS[job.rung] ?? null);
      running.push(job);
    }
    if (running.length === 0) return { promotions, reached };
    const [{ number, rung }] = running.splice(rng.int(running.length), 1) as [Job];
    const loss = lossAt(number, rung);
    for (let step = (RUNGS[rung - 1] ?? 0) + 1; step <= (RUNGS[rung] ?? MAX); step++)
      asha.onReport({ number, step, loss });
    paper.finish(number, rung, loss);
    reached.set(number, rung);
    if (rung < RUNGS.length) promotion.pause(number);
    else asha.onEnd(number, 'complete', loss);
  }
}

describe('asha with promotion', () => {
  it.each([
    [1, 1],
    [2, 4],
    [3, 16],
    [4, 64],
  ])(
    'gives out the jobs of Algorithm 2 whatever the order of arrival (seed %i, %i workers)',
    (seed, workers) => {
      const rng = createRng(seed, 0, 'order');
      const level = Array.from({ length: 200 }, () => Math.round(rng.next() * 40) / 40);
      const noise = (): number => Math.round(rng.next() * 10) / 100;
      const { promotions, reached } = compare(workers, 200, (number) => level[number]! + noise(), rng);
      expect(reached.size).toBe(200);
      // About a third of each rung, and more where late comers were better: 67 + 22 + 7.
      expect(promotions).toBeGreaterThan(80);
      expect([...reached.values()].filter((rung) => rung === RUNGS.length).length).toBeGreaterThanOrEqual(7);
    },
  );

  it('is successive halving where each rung is full before anything goes on: 81, 27, 9 and 3 trials', () => {
    const asha = createAshaPromotion({ minIter: MIN, maxIter: MAX, eta: ETA });
    const loss = (number: number): number => (number * 37) % 81;
    const rng = createRng(5, 0, 'order');
    let rung = Array.from({ length: 81 }, (_, number) => number);
    for (const [k, step] of RUNGS.entries()) {
      for (const number of rung.toSorted(() => rng.next() - 0.5)) {
        asha.onReport({ number, step, loss: loss(number) });
        asha.promotion!.pause(number);
      }
      const promoted: number[] = [];
      for (let next = asha.promotion!.next(false); next !== null; next = asha.promotion!.next(false)) {
        promoted.push(next);
        asha.promotion!.resume(next);
      }
      // The losses are 0 to 80, each once.
      expect(promoted.map(loss)).toEqual(Array.from({ length: 27 / ETA ** k }, (_, place) => place));
      rung = promoted;
    }
    for (const number of rung) expect(asha.promotion!.goal(number)).toBeNull();
  });

  it('takes equal losses in the order of their numbers, no more than a third of them', () => {
    const asha = createAshaPromotion({ minIter: MIN, maxIter: MAX, eta: ETA });
    for (const number of [4, 2, 0, 1, 3, 5, 6]) {
      asha.onReport({ number, step: 1, loss: 1 });
      asha.promotion!.pause(number);
    }
    const promoted: Array<number | null> = [];
    for (let next = asha.promotion!.next(false); next !== null; next = asha.promotion!.next(false)) {
      promoted.push(next);
      asha.promotion!.resume(next);
    }
    expect(promoted).toEqual([0, 1]);
  });

  it('lets the best of the highest rung go on where there is nothing else to do', () => {
    const asha = createAshaPromotion({ minIter: MIN, maxIter: MAX, eta: ETA });
    for (const number of [0, 1]) {
      asha.onReport({ number, step: 1, loss: 2 - number });
      asha.promotion!.pause(number);
    }
    expect(asha.promotion!.next(false)).toBeNull();
    expect(asha.promotion!.next(true)).toBe(1);
    asha.promotion!.resume(1);
    asha.onReport({ number: 1, step: 3, loss: 1.5 });
    asha.promotion!.pause(1);
    expect(asha.promotion!.next(true)).toBe(1);
    expect(asha.promotion!.goal(0)).toBe(1);
    expect(asha.promotion!.goal(1)).toBe(3);
  });

  it('counts a trial that ended by itself in the later rungs, and promotes none that is over', () => {
    const asha = createAshaPromotion({ minIter: MIN, maxIter: MAX, eta: ETA });
    const pauseAt = (number: number, step: number, loss: number): void => {
      asha.onReport({ number, step, loss });
      asha.promotion!.pause(number);
    };
    asha.onReport({ number: 0, step: 1, loss: 0 });
    asha.onEnd(0, 'complete', 0);
    for (const number of [1, 2]) pauseAt(number, 1, number);
    expect(asha.promotion!.next(false)).toBeNull();
    for (const number of [3, 4, 5]) pauseAt(number, 1, number);
    expect(asha.promotion!.next(false)).toBe(1);
    asha.onEnd(1, 'stopped');
    expect(asha.promotion!.next(false)).toBeNull();
  });
});
