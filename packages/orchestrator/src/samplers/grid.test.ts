import { describe, expect, it } from 'vitest';
import type { Params } from '../space/types.ts';
import { float, int, isIn, oneOf, parameter, studyWith } from '../study/testing/spaces.ts';
import type { Study } from '../study/types.ts';

const parameters = [
  parameter('kind', oneOf('a', 'b')),
  parameter('depth', int(1, 3), isIn('kind', 'b')),
  parameter('rate', float(0.1, 0.3, { step: 0.1 })),
];
const SIZE = (1 + 3) * 3;

function askAll(study: Study): string[] {
  const points: string[] = [];
  for (let asked = study.ask(); asked !== null; asked = study.ask())
    points.push(JSON.stringify(asked.params));
  return points;
}

describe('the grid sampler', () => {
  it('tries every point once, then says that nothing is left', () => {
    const study = studyWith({ parameters, method: 'grid' });
    expect(study.remaining()).toBe(SIZE);
    const points = askAll(study);
    expect(new Set(points).size).toBe(SIZE);
    expect(points).toHaveLength(SIZE);
    expect(study.remaining()).toBe(0);
    expect(study.ask()).toBeNull();
  });

  it('gives the n-th trial the n-th point, whatever became of the others', () => {
    const study = studyWith({ parameters, method: 'grid' });
    const points: string[] = [];
    for (let n = 0; n < SIZE; n++) {
      points.push(JSON.stringify(study.ask()!.params));
      if (n % 3 === 0) study.tell(n, { state: 'failed' });
      if (n % 3 === 1) study.tell(n, { state: 'complete', value: n });
    }
    expect(points).toEqual(askAll(studyWith({ parameters, method: 'grid' })));
  });

  it('does not repeat warm-start points of its own, and tries foreign ones besides', () => {
    const points: Params[] = [
      { kind: 'b', depth: 2, rate: 0.2 },
      { kind: 'a', rate: 0.1 },
      { kind: 'b', depth: 2 },
      { rate: 0.2 },
    ];
    const study = studyWith({ parameters, method: 'grid', points });
    expect(study.remaining()).toBe(SIZE);
    const asked = askAll(study);
    expect(asked).toHaveLength(SIZE);
    expect(new Set(asked).size).toBe(SIZE);
    expect(asked[2]).toBe('{"kind":"b","depth":2,"rate":0.1}');

    const withForeign = studyWith({
      parameters: parameters.with(2, { ...parameter('rate', float(0, 1)), count: 3 }),
      method: 'grid',
      points: [{ rate: 0.77 }],
    });
    expect(withForeign.remaining()).toBe(SIZE + 1);
    expect(askAll(withForeign)).toHaveLength(SIZE + 1);
  });

  it('goes on after restored trials where it was', () => {
    const whole = askAll(studyWith({ parameters, method: 'grid' }));
    const study = studyWith({ parameters, method: 'grid' });
    for (const text of whole.slice(0, 5)) study.restore(JSON.parse(text));
    expect(study.remaining()).toBe(SIZE - 5);
    expect(askAll(study)).toEqual(whole.slice(5));
  });

  it('refuses a continuous parameter at once, by its name', () => {
    expect(() => studyWith({ parameters: [parameter('rate', float(0, 1))], method: 'grid' })).toThrow(
      /`rate`/,
    );
  });

  it('begins a grid of 10^12 points at once', () => {
    const wide = Array.from({ length: 12 }, (_, i) => parameter(`p${i}`, int(0, 9)));
    const study = studyWith({ parameters: wide, method: 'grid', points: [{ p11: 5 }] });
    expect(study.remaining()).toBe(1e12);
    expect(study.ask()!.params).toMatchObject({ p0: 0, p11: 5 });
    expect(study.ask()!.params).toMatchObject({ p0: 0, p11: 0 });
  });
});
