import fc from 'fast-check';
import { expect, vi } from 'vitest';
import type { PluginSampler } from '../samplers/plugin.ts';
import type { Suggestion } from '../samplers/sampler.ts';
import { activeParameters } from '../space/conditions.ts';
import { checkPoint, pointKey } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import { createRng } from '../study/rng.ts';
import { anySpace, finiteSpace } from './arbitrary-space.ts';
import { freeze } from './freeze.ts';
import { OUTCOMES, type Round, rounds, SamplerLife, type Task } from './sampler-life.ts';

export interface SamplerRuleOptions {
  /** `finite`: only spaces that have a grid. @default 'any' */
  readonly spaces?: 'any' | 'finite';
  /** Which numbers of objectives the sampler is shown. @default [1, 2] */
  readonly objectives?: readonly number[];
  /** Random spaces for each property. @default 25 */
  readonly runs?: number;
  /** Of the random spaces: the same one gives the same tests. @default 1 */
  readonly seed?: number;
}

export interface Rule {
  /** A sentence about the sampler. */
  readonly name: string;
  /** @throws where it is not kept. */
  readonly check: () => void;
}

/**
 * What every sampler has to keep to, over random spaces and histories.
 * @param create makes a sampler for one study of this space; called often.
 */
export function samplerRules(
  create: (space: Space) => PluginSampler,
  options: SamplerRuleOptions = {},
): Rule[] {
  const found: Rule[] = [];
  const rule = (name: string, check: () => void): void => void found.push({ name, check });
  const { spaces = 'any', objectives = [1, 2], runs = 25, seed = 1 } = options;
  const isBounded = spaces === 'finite';
  const tasks: fc.Arbitrary<Task> = fc.record({
    space: isBounded ? finiteSpace : anySpace,
    seed: fc.nat(0xffffffff),
    objectives: fc.constantFrom(...objectives),
    constraints: fc.constantFrom(0, 0, 1, 2),
    earlier: fc.constantFrom(0, 0, 1, 20),
  });
  const check = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>): void =>
    fc.assert(property, { numRuns: runs, seed });
  const begin = (task: Task): SamplerLife => new SamplerLife(create(freeze(task.space)), task);

  rule('suggests points of the space, with just the parameters whose conditions hold', () => {
    check(
      fc.property(tasks, rounds, (task, lived) => {
        const life = begin(task);
        for (const round of lived) if (!life.live(round)) break;
        for (const { params } of life.history) expectPoint(task.space, params);
      }),
    );
  });

  rule('suggests the same again for the same seed and history', () => {
    check(
      fc.property(tasks, rounds, (task, lived) => {
        const [one, other] = [begin(task), begin(task)];
        for (const round of lived) {
          const goesOn = one.live(round);
          expect(other.live(round)).toBe(goesOn);
          expect(other.history).toEqual(one.history);
          if (!goesOn) break;
        }
      }),
    );
  });

  rule('follows from the history alone: a new one suggests what one that lived through it does', () => {
    check(
      fc.property(tasks, rounds, (task, lived) => {
        const life = begin(task);
        for (const round of lived) {
          const goesOn = life.live(round);
          // While nothing runs, and again while one trial does.
          for (let open = 0; open < 2; open++) {
            const fresh = create(task.space).suggest(life.context());
            expect(life.ask()).toEqual(fresh);
          }
          if (!goesOn) break;
        }
      }),
    );
  });

  rule('follows from the history alone after many trials as well', () => {
    const space = isBounded ? GRID : PLANE;
    const life = begin({ space, seed: 7, objectives: objectives[0]!, constraints: 0 });
    for (let trials = 0; trials < 60; trials += 12) {
      if (!life.live({ asks: 12, order: trials, outcomes: ['complete'] })) break;
      for (let i = 0; i < 3; i++) {
        const fresh = create(space).suggest(life.context());
        expect(life.ask()).toEqual(fresh);
        if (fresh === null) return;
        life.tell(life.history.length - 1, 'complete');
      }
    }
  });

  rule('takes all chance from the given stream, and knows no time', () => {
    const forbid = (what: string) => () => {
      throw new Error(`a sampler may not use ${what}`);
    };
    const spies = [
      vi.spyOn(Math, 'random').mockImplementation(forbid('Math.random')),
      vi.spyOn(Date, 'now').mockImplementation(forbid('Date.now')),
      vi.spyOn(performance, 'now').mockImplementation(forbid('performance.now')),
    ];
    const lives: Array<() => void> = [];
    const round: Round = { asks: 3, order: 1, outcomes: ['complete', 'pruned', 'failed'] };
    for (const space of fc.sample(isBounded ? finiteSpace : anySpace, { numRuns: 5, seed })) {
      lives.push(() => {
        const life = begin({ space, seed: 1, objectives: objectives[0]!, constraints: 0 });
        for (let i = 0; i < 6; i++) if (!life.live(round)) break;
      });
    }
    try {
      for (const live of lives) live();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  for (const outcome of OUTCOMES.filter((each) => each !== 'complete')) {
    rule(`goes on when every trial is ${outcome}`, () => {
      check(
        fc.property(tasks, (task) => {
          const life = begin(task);
          for (let i = 0; i < 14; i++) if (!life.live({ asks: 1, order: 0, outcomes: [outcome] })) break;
          for (const { params } of life.history) expectPoint(task.space, params);
        }),
      );
    });
  }

  for (const asks of [1, 2, 8, 64])
    rule(`gives ${asks} suggestions before any of them is told`, () => {
      check(
        fc.property(tasks, (task) => {
          const life = begin(task);
          life.live({ asks: 12, order: 3, outcomes: ['complete'] });
          for (let i = 0; i < asks; i++) if (life.ask() === null) break;
          for (const { params } of life.history) expectPoint(task.space, params);
        }),
      );
    });

  rule('does not suggest one point over and over while it waits for results', () => {
    const space = isBounded ? GRID : PLANE;
    const life = begin({ space, seed: 5, objectives: objectives[0]!, constraints: 0 });
    life.live({ asks: 12, order: 3, outcomes: ['complete'] });
    const waiting = Array.from({ length: 8 }, () => life.ask()!);
    const keys = waiting.map(({ params }) => pointKey(space, params));
    expect(new Set(keys).size).toBe(keys.length);
  });

  for (const [end, sign] of [
    ['low', 1],
    ['high', -1],
  ] as const)
    rule(`reaches the ${end} end of a range of whole numbers`, () => {
      for (const { low, high, log, step } of RANGES) {
        const space: Space = [{ name: 'n', distribution: { kind: 'int', low, high, log, step }, when: [] }];
        const life = new SamplerLife(create(freeze(space)), {
          space,
          seed: 3,
          objectives: 1,
          constraints: 0,
        });
        const wanted = end === 'low' ? low : high;
        let reached = false;
        for (let i = 0; i < 80 && !reached; i++) {
          const asked = life.ask();
          if (asked === null) break;
          const n = asked.params.n as number;
          reached = n === wanted;
          life.tellLoss(i, sign * n);
        }
        expect(reached, `${end} end of ${low} to ${high}, step ${step}`).toBe(true);
      }
    });

  rule('says how many are left just as it gives them, where it says so', () => {
    check(
      fc.property(tasks, (task) => {
        const sampler = create(freeze(task.space));
        const life = new SamplerLife(sampler, task);
        for (let i = 0; i < 40; i++) {
          const left = sampler.left?.(life.history, []) ?? Number.POSITIVE_INFINITY;
          const asked = life.ask();
          expect(asked === null).toBe(left <= 0);
          if (asked === null) return;
          life.tell(i, 'complete');
        }
      }),
    );
  });

  rule('fills in what a given point leaves out with what the space allows', () => {
    check(
      fc.property(tasks, fc.nat(0xffff), (task, draw) => {
        const sampler = create(freeze(task.space));
        if (sampler.complete === undefined) return;
        const { params } = new SamplerLife(create(task.space), task).ask() ?? { params: {} };
        const rng = createRng(draw, 0, 'part');
        const given = freeze(Object.fromEntries(Object.entries(params).filter(() => rng.next() < 0.5)));
        const whole = sampler.complete(given, freeze([]));
        expectPoint(task.space, whole);
        expect(whole).toMatchObject(given);
      }),
    );
  });
  return found;
}

const PLANE: Space = [
  { name: 'x', distribution: { kind: 'float', low: 0, high: 1, log: false }, when: [] },
  { name: 'y', distribution: { kind: 'float', low: 1e-5, high: 1, log: true }, when: [] },
];
const GRID: Space = [
  { name: 'x', distribution: { kind: 'int', low: 1, high: 6, log: false, step: 1 }, when: [] },
  { name: 'y', distribution: { kind: 'int', low: 1, high: 6, log: false, step: 1 }, when: [] },
];
const RANGES = [
  { low: 0, high: 4, log: false, step: 1 },
  { low: 16, high: 64, log: false, step: 16 },
  { low: 1, high: 8, log: true, step: 1 },
] as const;

function expectPoint(space: Space, params: Suggestion['params']): void {
  checkPoint(space, params as Params);
  expect(Object.keys(params).toSorted()).toEqual(
    activeParameters(space, params as Params)
      .map(({ name }) => name)
      .toSorted(),
  );
}
