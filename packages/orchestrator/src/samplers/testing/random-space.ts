import type { Condition, Distribution, Parameter, Space } from '../../space/types.ts';
import type { Rng } from '../../study/rng.ts';

/** A space of one to eight parameters of any kind, a third of them under a condition. */
export function randomSpace(rng: Rng): Space {
  const space: Parameter[] = [];
  const size = 1 + rng.int(8);
  for (let i = 0; i < size; i++) {
    const parent = space.length > 0 && rng.int(3) === 0 ? space[rng.int(space.length)]! : null;
    const condition = parent === null ? null : conditionOn(parent, rng);
    space.push({
      name: `p${i}`,
      distribution: randomDistribution(rng),
      when: condition === null ? [] : [condition],
    });
  }
  return space;
}

function randomDistribution(rng: Rng): Distribution {
  const low = rng.int(5) - 2;
  switch (rng.int(11)) {
    case 0:
      return { kind: 'constant', value: 'only' };
    case 1:
      return { kind: 'categorical', choices: ['a', true, null, 3].slice(0, 1 + rng.int(4)), ordered: false };
    case 2:
      return {
        kind: 'categorical',
        choices: ['a', 'b', 'c'],
        probabilities: [0.9, 0.1, 0],
        ordered: false,
      };
    case 3:
      return { kind: 'categorical', choices: [1, 2, 4, 8, 100].slice(0, 2 + rng.int(4)), ordered: true };
    case 4:
      return { kind: 'int', low, high: low + rng.int(4), log: false, step: 1 };
    case 5:
      return { kind: 'int', low: 1, high: 1 + rng.int(1000), log: true, step: 1 };
    case 6:
      return { kind: 'int', low: 0, high: 100, log: false, step: 5 };
    case 7:
      return { kind: 'float', low, high: low + 2 * rng.next(), log: false };
    case 8:
      return { kind: 'float', low: 1e-5, high: 1, log: true };
    case 9:
      return { kind: 'float', low: 0, high: 1, log: false, step: 0.1 };
    default:
      return { kind: 'normal', mu: low, sigma: 1, log: rng.int(2) === 0, int: rng.int(3) === 0 };
  }
}

function conditionOn({ name, distribution }: Parameter, rng: Rng): Condition {
  switch (distribution.kind) {
    case 'constant':
      return { parameter: name, kind: 'in', values: [distribution.value] };
    case 'categorical':
      return {
        parameter: name,
        kind: 'in',
        values: [distribution.choices[rng.int(distribution.choices.length)]!],
      };
    case 'normal':
      return {
        parameter: name,
        kind: 'compare',
        ge: distribution.log ? Math.exp(distribution.mu) : distribution.mu,
      };
    default:
      return { parameter: name, kind: 'compare', ge: 0.5 * (distribution.low + distribution.high) };
  }
}
