import { describe, expect, it } from 'vitest';
import { drawParams } from '../../space/points.ts';
import type { Params, Space } from '../../space/types.ts';
import { createRng } from '../../study/rng.ts';
import { float, isIn, oneOf, parameter } from '../../study/testing/spaces.ts';
import { logBeliefOf } from '../belief.ts';
import { LogExpectedImprovement } from './acquisition.ts';
import { BeliefTerm } from './belief-term.ts';
import { Encoding } from './encoding.ts';
import { FeasibilityTerm } from './feasibility-term.ts';
import { HyperPrior } from './hyper-prior.ts';
import { kernelShape } from './kernel-shape.ts';
import { createPrediction, Posterior } from './posterior.ts';
import { ScalarisedImprovement, scalarise } from './scalarised-improvement.ts';
import type { Acquisition } from './search.ts';
import { Sum } from './sum.ts';
import { planTerms } from './terms.ts';

const space: Space = [
  { ...parameter('kind', oneOf('a', 'b')), prior: 'b', priorConfidence: 0.8 },
  { ...parameter('x', float(0, 1)), prior: 0.3 },
  { ...parameter('y', float(1, 100, { log: true }), isIn('kind', 'a')), prior: 10 },
];
const encoding = new Encoding(space);
const plan = planTerms(encoding);
const shape = kernelShape(
  encoding.isChoice,
  plan.map(({ columns }) => columns),
);

function withOutputs(seed: number): { made: Posterior; y: Float64Array } {
  const rng = createRng(seed, 0, 'terms');
  const made = new Posterior(shape, new HyperPrior(shape, plan).mean);
  const y = Float64Array.from({ length: 9 }, () => rng.normal());
  for (let i = 0; i < y.length; i++) made.push(encoding.encode(drawParams(space, rng)));
  made.setOutputs(y);
  return { made, y };
}

const posterior = (seed: number): Posterior => withOutputs(seed).made;

/** With two trials that run. */
function believing(seed: number): Posterior {
  const { made, y } = withOutputs(seed);
  made.pushBelieved(running, y);
  return made;
}

const running = [encoding.encode({ kind: 'b', x: 0.9 }), encoding.encode({ kind: 'a', x: 0.85, y: 20 })];

const scalarisation = { weights: Float64Array.of(0.8, 0.6), reference: Float64Array.of(1.5, 2) };
const terms: Record<string, Acquisition> = {
  feasibility: new FeasibilityTerm({ posterior: posterior(1), bound: -0.5 }, 'feasible'),
  'far from feasible': new FeasibilityTerm({ posterior: posterior(1), bound: -40 }, 'feasible'),
  'least violation': new FeasibilityTerm({ posterior: posterior(2), bound: -1 }, 'least violation'),
  'scalarised improvement': new ScalarisedImprovement([posterior(3), posterior(4)], scalarisation, -2),
  'improvement beyond trials that run': new LogExpectedImprovement(believing(5), -1.2),
  belief: new BeliefTerm(encoding, 0.8, 7),
};
terms.sum = new Sum(Object.values(terms));

describe.each(Object.entries(terms))('%s', (_, term) => {
  it.each([0, 1])('has the slopes that differences give, where kind is %i', (kind) => {
    const x = encoding.settle(Float64Array.of(kind, 0.37, 0.61), new Float64Array(3));
    const slopes = new Float64Array(3);
    expect(term.withSlopes(x, slopes)).toBeCloseTo(term.at(x), 8);
    const step = 1e-5;
    for (const c of kind === 0 ? [1, 2] : [1]) {
      const [more, less] = [x.slice(), x.slice()];
      more[c] = x[c]! + step;
      less[c] = x[c]! - step;
      const difference = (term.at(more) - term.at(less)) / (2 * step);
      expect(Math.abs(slopes[c]! - difference)).toBeLessThan(1e-4 * Math.max(1, Math.abs(difference)));
    }
  });

  it('is the same for many points at once, and never above its bounds', () => {
    const rng = createRng(5, 0, 'many');
    const points = Array.from({ length: 11 }, () => encoding.encode(drawParams(space, rng)));
    const [values, bounds] = [term.atAll(points), term.bounds(points)];
    for (const [i, point] of points.entries()) {
      expect(values[i]).toBeCloseTo(term.at(point), 8);
      expect(bounds[i]!).toBeGreaterThan(values[i]! - 1e-8);
    }
  });
});

it('expects the improvement that draws from the models have', () => {
  const posteriors = [posterior(3), posterior(4)];
  const x = encoding.settle(Float64Array.of(0, 0.8, 0.1), new Float64Array(3));
  const predictions = posteriors.map((p) => {
    const prediction = createPrediction(3);
    p.predict(x, prediction);
    return prediction;
  });
  const incumbent = -1;
  const rng = createRng(6, 0, 'draws');
  const draws = 200_000;
  let sum = 0;
  for (let i = 0; i < draws; i++) {
    const losses = predictions.map(({ mean, variance }) => mean + Math.sqrt(variance) * rng.normal());
    sum += Math.max(0, incumbent - scalarise(scalarisation, losses)) / draws;
  }
  const value = new ScalarisedImprovement(posteriors, scalarisation, incumbent).at(x);
  // Draws are off by about 0.5 %, the trapezoidal rule by less than 2 %.
  expect(Math.abs(Math.exp(value) / sum - 1)).toBeLessThan(0.03);
});

it('believes of trials that run what it expects of them: less uncertainty, the same mean', () => {
  const [before, after] = [posterior(5), believing(5)];
  const [known, told] = [createPrediction(3), createPrediction(3)];
  for (const params of [{ kind: 'b', x: 0.75 }, drawParams(space, createRng(8, 0, 'far'))]) {
    const x = encoding.encode(params as Params);
    before.predict(x, known);
    after.predict(x, told);
    expect(told.mean).toBeCloseTo(known.mean, 9);
    expect(told.variance).toBeLessThan(known.variance);
  }
});

it("weighs the users' beliefs less with every trial, whatever parameters a point has", () => {
  const rng = createRng(9, 0, 'belief');
  for (let i = 0; i < 20; i++) {
    const params = drawParams(space, rng);
    const value = new BeliefTerm(encoding, 0.5, 5).at(encoding.encode(params));
    expect(value).toBeCloseTo(0.5 * logBeliefOf(space, params), 9);
    expect(new BeliefTerm(encoding, 0.5, 20).at(encoding.encode(params))).toBeCloseTo(value / 4, 9);
  }
});
