import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../config/index.ts';
import { createStudy, float } from '../index.ts';
import { readScheduling, type Scheduling } from './schedulers.ts';

/** What a sweep file of 27 epochs makes of `early_terminate`. */
function fromFile(text: string): unknown {
  const { config } = parseConfig(
    `parameters: {x: {min: 0.0, max: 1.0}}
fidelity: {min: 1, max: 27}
early_terminate: {${text}}
trainer: {module: ./train.ts}
metric: {name: loss}
run_cap: 30`,
    'sweep.yaml',
  );
  return config.earlyTerminate;
}

const FORMS: ReadonlyArray<[given: Scheduling, text: string]> = [
  [{ type: 'asha' }, 'type: asha'],
  [{ type: 'asha', eta: 2, minIter: 3 }, 'type: asha, eta: 2, min_iter: 3'],
  [{ type: 'hyperband' }, 'type: hyperband'],
  [{ type: 'hyperband', s: 2, maxIter: 27 }, 'type: hyperband, s: 2, max_iter: 27'],
  [{ type: 'hyperband', brackets: true }, 'type: hyperband, brackets: true'],
  [{ type: 'median' }, 'type: median'],
  [{ type: 'percentile', percentile: 30 }, 'type: percentile, percentile: 30'],
  [{ type: 'patience', patience: 3 }, 'type: patience, patience: 3'],
  [
    { type: 'patience', patience: 3, wraps: { type: 'median' } },
    'type: patience, patience: 3, wraps: {type: median}',
  ],
  [{ type: 'threshold', upper: 8 }, 'type: threshold, upper: 8'],
  [{ type: 'wilcoxon' }, 'type: wilcoxon'],
];

describe('the scheduler of createStudy', () => {
  it.each(FORMS)('%j is what a sweep file makes of it', (given, text) => {
    expect(readScheduling(given, 27)).toEqual(fromFile(text));
  });

  it('can neither be unknown nor pause a function', () => {
    const parameters = { x: float(0, 1) };
    // @ts-expect-error: no such scheduler
    expect(() => createStudy({ parameters, scheduler: { type: 'psychic' } })).toThrow(
      'no scheduler "psychic"',
    );
    const promotion = { type: 'asha', mode: 'promotion' } as Scheduling;
    expect(() => createStudy({ parameters, scheduler: promotion })).toThrow('leave out `mode: promotion`');
  });
});
