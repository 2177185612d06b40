import { describe, expect, it } from 'vitest';
import { docsPage, PROBLEM_NAMES, problemText as referenceText } from '../../../../benchmarks/reference.mjs';
import { contains } from '../space/axis.ts';
import { drawParams, pointKey } from '../space/points.ts';
import { createRng } from '../study/rng.ts';
import { parseProblemFile, problemOf, readProblem } from './index.ts';
import { worstDeviation } from './vectors.ts';

const files = PROBLEM_NAMES.map((name) => ({ name, text: referenceText(name) }));

/** The smallest problem, with a part replaced. */
const problemText = (part: object): string =>
  JSON.stringify({
    format: 'hpo-ref/1',
    name: 'tiny',
    direction: 'minimize',
    space: [{ name: 'x', type: 'float', low: 0, high: 1 }],
    objective: { kind: 'expr', let: [], value: 'x' },
    optimum: { value: 0, status: 'exact', params: { x: 0 } },
    ...part,
  });

const withValue = (value: unknown): string => problemText({ objective: { kind: 'expr', let: [], value } });

describe('the reference problems', () => {
  it('are nine', () => {
    expect(files.length).toBe(9);
  });

  it.each(files)('$name gives the values that its vectors expect', ({ name, text }) => {
    const file = parseProblemFile(text, name);
    expect(file.vectors.length).toBeGreaterThanOrEqual(13);
    expect(worstDeviation(problemOf(file), file.vectors)).toBeLessThan(1e-9);
  });

  it.each(files)('$name has a space of its own points', ({ name, text }) => {
    const file = parseProblemFile(text, name);
    const { space } = problemOf(file);
    for (const { params } of file.vectors) {
      for (const parameter of space) {
        if (!Object.hasOwn(params, parameter.name)) continue;
        expect(contains(parameter.distribution, params[parameter.name]!)).toBe(true);
      }
    }
  });

  it.each(files)(
    '$name can be evaluated wherever its space leads, never below its optimum',
    ({ name, text }) => {
      const { space, evaluate, optimum } = readProblem(text, name);
      const rng = createRng(1, 0, 'test');
      for (let i = 0; i < 200; i++) {
        const value = evaluate(drawParams(space, rng));
        expect(Number.isFinite(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(optimum.value - 1e-9);
      }
    },
  );

  it('has the children of each branch alone in conditional14', () => {
    const { space } = readProblem(files.find(({ name }) => name.startsWith('conditional14'))!.text, 'c');
    const rng = createRng(2, 0, 'test');
    const seen = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const params = drawParams(space, rng);
      expect('sgd_lr' in params).toBe(params.optimizer === 'sgd');
      expect('units_l3' in params).toBe(params.n_layers === 3);
      seen.add(`${params.optimizer}/${params.n_layers}`);
    }
    expect(seen.size).toBe(9);
  });
});

describe('an expression', () => {
  it.each([
    [['+', 1, 2, 3], 6],
    [['*', 2, 3, 4], 24],
    [['-', 5], -5],
    [['-', 5, 3], 2],
    [['/', 1, 4], 0.25],
    [['pow', 2, 10], 1024],
    [['min', 3, 1, 2], 1],
    [['max', 3, 1, 2], 3],
    [['sqrt', 16], 4],
    [['abs', -2], 2],
    [['floor', 2.7], 2],
    [['log2', 8], 3],
    [['log10', 1000], 3],
    [['log', ['exp', 2]], 2],
    [['sin', 0], 0],
    [['cos', 0], 1],
    [['ifge', 'x', 0.5, 1, ['+', 1, 'x']], 1.25],
  ])('%j is %d', (expression, expected) => {
    expect(readProblem(withValue(expression), 'tiny').evaluate({ x: 0.25 })).toBeCloseTo(expected, 12);
  });

  it.each([
    [['tan', 'x'], /no operation `tan`/],
    [['+', 'y', 1], /names `y`, which is neither/],
    [['pow', 'x'], /`pow` takes 2 arguments, got 1/],
    [['sin', 'x', 'x'], /`sin` takes 1 argument, got 2/],
    [['switch', 'x'], /`switch` takes a parameter and an object/],
    [['+'], /`\+` needs arguments/],
  ])('%j is refused when the problem is read', (expression, message) => {
    expect(() => readProblem(withValue(expression), 'tiny')).toThrow(message);
  });
});

describe('a problem file', () => {
  it('is what docs/simulate.md shows', () => {
    const page = docsPage('simulate.md');
    const [, json] = /^```json\n(.*?)^```/ms.exec(page)!;
    const { evaluate, optimum, name } = readProblem(json!, 'docs/simulate.md');
    expect(name).toBe('parabola');
    expect(evaluate({ x: -1 })).toBe(9);
    expect(evaluate(optimum.params!)).toBe(0);
  });

  it('is refused with the place where it is wrong', () => {
    expect(() => readProblem('{', 'p.json')).toThrow(/p\.json is no JSON/);
    expect(() => readProblem('{"format":"hpo-ref/2"}', 'p.json')).toThrow(/p\.json .*format/);
    expect(() => readProblem(problemText({ space: [{ name: 'x', type: 'flaot' }] }), 'p.json')).toThrow(
      /space\.0\.type/,
    );
  });

  it('turns steps that do not start at a multiple into a list of levels', () => {
    const { space } = readProblem(
      problemText({ space: [{ name: 'x', type: 'int', low: 3, high: 12, step: 4 }] }),
      'tiny',
    );
    expect(space[0]!.distribution).toEqual({ kind: 'categorical', choices: [3, 7, 11], ordered: true });
  });

  it('keeps points apart: one key each', () => {
    const { space } = readProblem(files.find(({ name }) => name.startsWith('mixed8'))!.text, 'm');
    const rng = createRng(3, 0, 'test');
    const keys = Array.from({ length: 50 }, () => pointKey(space, drawParams(space, rng)));
    expect(new Set(keys).size).toBe(50);
  });
});
