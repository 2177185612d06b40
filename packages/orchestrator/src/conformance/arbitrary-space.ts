import fc from 'fast-check';
import { contains } from '../space/axis.ts';
import { admits } from '../space/conditions.ts';
import type { Condition, Distribution, Parameter, ParamValue, Space } from '../space/types.ts';
import { quantile } from '../space/unit.ts';

/** Shares at which a distribution is looked at; the ends of an unbounded one are never drawn. */
const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });

const label = fc.constantFrom<ParamValue>('adam', 'sgd', 'relu', '', true, false, null, 0, 3, -1.5);

const categorical: fc.Arbitrary<Distribution> = fc
  .record({
    choices: fc.uniqueArray(label, { minLength: 1, maxLength: 4 }),
    weights: fc.option(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 })),
  })
  .map(({ choices, weights }) => {
    const d = { kind: 'categorical', choices, ordered: false } as const;
    if (weights === null) return d;
    const used = weights.slice(0, choices.length);
    const sum = used.reduce((a, b) => a + b, 0);
    return { ...d, probabilities: used.map((weight) => weight / sum) };
  });

const ordinal: fc.Arbitrary<Distribution> = fc
  .uniqueArray(fc.integer({ min: -20, max: 500 }), { minLength: 2, maxLength: 4 })
  .map((numbers) => ({ kind: 'categorical', choices: numbers.toSorted((a, b) => a - b), ordered: true }));

const constant: fc.Arbitrary<Distribution> = label.map((value) => ({ kind: 'constant', value }));

const int = (mostLevels: number): fc.Arbitrary<Distribution> =>
  fc
    .record({
      first: fc.integer({ min: -20, max: 60 }),
      levels: fc.integer({ min: 1, max: mostLevels }),
      step: fc.constantFrom(1, 1, 2, 16),
      log: fc.boolean(),
    })
    .map(({ first, levels, step, log }) => {
      const low = first * step;
      return { kind: 'int', low, high: low + (levels - 1) * step, log: log && low > 0, step };
    });

const stepped = (mostLevels: number): fc.Arbitrary<Distribution> =>
  fc
    .record({
      first: fc.integer({ min: -8, max: 40 }),
      levels: fc.integer({ min: 1, max: mostLevels }),
      step: fc.constantFrom(0.1, 0.25, 3),
    })
    .map(({ first, levels, step }) => {
      const low = first * step;
      return { kind: 'float', low, high: low + (levels - 0.5) * step, log: false, step };
    });

const float: fc.Arbitrary<Distribution> = fc
  .record({
    low: fc.constantFrom(-3, 0, 1e-6, 0.5, 2, 1e4),
    width: fc.constantFrom(0, 1e-3, 1, 900),
    log: fc.boolean(),
  })
  .map(({ low, width, log }) => ({ kind: 'float', low, high: low + width, log: log && low > 0 }));

const normal: fc.Arbitrary<Distribution> = fc
  .record({
    mu: fc.constantFrom(-2, 0, 3),
    sigma: fc.constantFrom(0.1, 1, 4),
    log: fc.boolean(),
    step: fc.constantFrom(undefined, 0.5, 2),
    int: fc.boolean(),
  })
  .map(({ step, int: whole, ...rest }) => {
    const d = { kind: 'normal', ...rest, int: whole } as const;
    return step === undefined || (whole && !Number.isInteger(step)) ? d : { ...d, step };
  });

interface Draft {
  readonly distribution: Distribution;
  readonly parent: number | null;
  readonly asked: number;
  readonly prior: number | null;
  readonly priorConfidence: number;
}

/** Spaces of 1 to 5 parameters of all kinds, with conditions and beliefs. */
export const anySpace: fc.Arbitrary<Space> = spacesOf(
  fc.oneof(float, float, int(300), stepped(20), categorical, ordinal, normal, constant),
  5,
);

/** Spaces that have a grid, of a few hundred points at most. */
export const finiteSpace: fc.Arbitrary<Space> = spacesOf(
  fc.oneof(int(4), stepped(3), categorical, ordinal, constant),
  4,
);

function spacesOf(distribution: fc.Arbitrary<Distribution>, most: number): fc.Arbitrary<Space> {
  const draft = fc.record({
    distribution,
    parent: fc.option(fc.nat(), { freq: 2 }),
    asked: share,
    prior: fc.option(share, { freq: 3 }),
    priorConfidence: fc.constantFrom(0.1, 0.5, 1),
  });
  return fc.array(draft, { minLength: 1, maxLength: most }).map(build);
}

function build(drafts: readonly Draft[]): Space {
  const space: Parameter[] = [];
  for (const [index, { distribution, parent, asked, prior, priorConfidence }] of drafts.entries()) {
    const on = parent === null ? undefined : space[parent % Math.max(1, index)];
    const believed = prior === null ? undefined : quantile(distribution, prior);
    space.push({
      name: `p${index}`,
      distribution,
      when: on === undefined ? [] : [conditionOn(on, asked)],
      ...(believed === undefined || !contains(distribution, believed)
        ? {}
        : { prior: believed, priorConfidence }),
    });
  }
  return space;
}

/** A condition that some values of the parameter fulfil, and mostly not all of them. */
function conditionOn({ name, distribution }: Parameter, at: number): Condition {
  const value = quantile(distribution, at);
  const bound: Condition = { parameter: name, kind: 'compare', ge: value as number };
  if (typeof value === 'number' && distribution.kind !== 'categorical' && admits(bound, value)) return bound;
  return { parameter: name, kind: 'in', values: [value] };
}
