import type { Condition, Distribution, Parameter, Space } from '../space/types.ts';
import type { SpaceEntry } from './format.ts';

/** The search space of a problem file. */
export function spaceOfProblem(entries: readonly SpaceEntry[]): Space {
  return entries.map(
    (entry): Parameter => ({
      name: entry.name,
      distribution: distributionOf(entry),
      when: conditionsOf(entry),
    }),
  );
}

function distributionOf(entry: SpaceEntry): Distribution {
  switch (entry.type) {
    case 'categorical':
      return { kind: 'categorical', choices: entry.choices, ordered: false };
    case 'ordinal':
      return { kind: 'categorical', choices: entry.choices, ordered: true };
    case 'float': {
      const { low, high, log, step } = entry;
      if (step === undefined) return { kind: 'float', low, high, log };
      return low % step === 0 ? { kind: 'float', low, high, log, step } : levels(low, high, step);
    }
    case 'int': {
      const { low, high, log, step } = entry;
      return low % step === 0 ? { kind: 'int', low, high, log, step } : levels(low, high, step);
    }
  }
}

/** The format counts steps from `low`, our distributions from 0: what does not fall together becomes a list. */
function levels(low: number, high: number, step: number): Distribution {
  const count = Math.floor((high - low) / step + 1e-9) + 1;
  return {
    kind: 'categorical',
    choices: Array.from({ length: count }, (_, i) => low + i * step),
    ordered: true,
  };
}

function conditionsOf({ when }: SpaceEntry): readonly Condition[] {
  if (when === undefined) return [];
  if ('in' in when) return [{ parameter: when.param, kind: 'in', values: when.in }];
  return [{ parameter: when.param, kind: 'compare', ge: when.ge }];
}
