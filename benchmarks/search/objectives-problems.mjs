// Problems with several objectives, all minimised, whose Pareto front is known.
import { hypervolume, paretoFront } from '@tfsweep/orchestrator/analysis';
import { median, readProblem } from '@tfsweep/orchestrator/problems';
import { createRng, drawParams } from '@tfsweep/orchestrator/study';
import { problemText } from '../reference.mjs';

/** @typedef {import('@tfsweep/orchestrator/study').Params} Params */
/** @typedef {import('@tfsweep/orchestrator/study').Space} Space */

/**
 * @typedef {object} Raw
 * @property {Space} space
 * @property {(params: Params) => number[]} losses
 * @property {() => number[][]} front points, dense on the front
 * @property {(reference: readonly number[]) => number} [volume] the front's hypervolume, where it is known in closed form
 */

/**
 * @typedef {object} ObjectivesProblem
 * @property {Space} space
 * @property {(params: Params) => number[]} losses
 * @property {readonly number[]} reference worse than the front: hypervolumes are measured up to it
 * @property {{zero: number, one: number}} scale hypervolume of the front, and the median over 20 seeds of that of 10
 *   random trials; the sign is turned, so that lower is better
 */

const DIMENSIONS = 6;
/** Where the distance to the front is 0: off the faces, and off the centre, which some samplers try first. */
const OPTIMUM = [0.32, 0.71, 0.18, 0.58, 0.83];
const STEPS = 20_000;

/** @type {Space} */
const cube = Array.from({ length: DIMENSIONS }, (_, i) => ({
  name: `x${i}`,
  distribution: { kind: 'float', low: 0, high: 1, log: false },
  when: [],
}));

/** @param {Params} params @param {number} i */
const at = (params, i) => Number(params[`x${i}`]);
/**
 * Of the parameters from the `first` on: where they are best, and how far they are from there.
 * @param {Params} params
 * @param {number} first
 */
const distances = (params, first) =>
  OPTIMUM.slice(0, DIMENSIONS - first).map((best, i) => ({
    best,
    distance: Math.abs(at(params, first + i) - best),
  }));

/**
 * As ZDT (Zitzler, Deb & Thiele 2000): f1 = x0 and f2 = g · shape(f1, g), where g is 1 and 9 times the mean distance of
 * the other parameters from their optimum, each as a share of the largest possible one. On the front g is 1.
 * @param {(f1: number, g: number) => number} shape
 * @returns {Raw}
 */
const zdt = (shape) => ({
  space: cube,
  losses(params) {
    const f1 = at(params, 0);
    const far = distances(params, 1).map(({ best, distance }) => distance / Math.max(best, 1 - best));
    const g = 1 + (9 * far.reduce((sum, d) => sum + d, 0)) / far.length;
    return [f1, g * shape(f1, g)];
  },
  front: () => Array.from({ length: STEPS + 1 }, (_, i) => [i / STEPS, shape(i / STEPS, 1)]),
});

/** DTLZ2 (Deb et al. 2002): the front is the part of the unit sphere on which all losses are positive. @type {Raw} */
const dtlz2 = {
  space: cube,
  losses(params) {
    const g = distances(params, 2).reduce((sum, { distance }) => sum + distance ** 2, 0);
    const t = (at(params, 0) * Math.PI) / 2;
    const u = (at(params, 1) * Math.PI) / 2;
    return [Math.cos(t) * Math.cos(u), Math.cos(t) * Math.sin(u), Math.sin(t)].map((f) => (1 + g) * f);
  },
  // Its ends: the volume is known.
  front: () => [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  volume: (reference) => reference.reduce((product, end) => product * end, 1) - Math.PI / 6,
};

const LAYERS = ['units_l1', 'units_l2', 'units_l3'];
const NARROWEST = 8;
/** For one, two and three layers the widths from which on each only costs. */
const LAYER_LIMITS = [[256], [128, 64], [128, 64, 32]];

/** conditional14's value against the size of its network: the units of all layers. @returns {Raw} */
function valueAndSize() {
  const { space, evaluate, optimum } = readProblem(problemText('conditional14'), 'conditional14');
  /** @param {Params} params */
  const losses = (params) => [
    evaluate(params),
    LAYERS.reduce((sum, name) => sum + Number(params[name] ?? 0), 0),
  ];
  const { units_l1: _, units_l2: __, ...others } = optimum.params ?? {};
  /** @param {readonly number[]} units per layer */
  const valueAt = (units) => {
    const widths = Object.fromEntries(units.map((width, i) => [`units_l${i + 1}`, width]));
    return evaluate({ ...others, n_layers: units.length, ...widths });
  };
  return {
    space,
    losses,
    front() {
      /** @type {Map<number, number>} the best value of each size */
      const best = new Map();
      for (const limits of LAYER_LIMITS) {
        // Each layer has a term of its own in the value.
        const narrow = limits.map(() => NARROWEST);
        const base = valueAt(narrow);
        const terms = limits.map((limit, i) =>
          Array.from(
            { length: limit - NARROWEST + 1 },
            (_unused, more) => valueAt(narrow.with(i, NARROWEST + more)) - base,
          ),
        );
        /** @param {number} layer @param {number} value @param {number} size */
        const widen = (layer, value, size) => {
          const ofLayer = terms[layer];
          if (ofLayer === undefined) best.set(size, Math.min(value, best.get(size) ?? value));
          else
            for (const [more, term] of ofLayer.entries())
              widen(layer + 1, value + term, size + NARROWEST + more);
        };
        widen(0, base, 0);
      }
      return [...best].map(([size, value]) => [value, size]);
    },
  };
}

/** @type {ReadonlyMap<string, () => Raw>} */
const RAW = new Map([
  ['zdt1', () => zdt((f1, g) => 1 - Math.sqrt(f1 / g))],
  ['zdt2', () => zdt((f1, g) => 1 - (f1 / g) ** 2)],
  ['zdt3', () => zdt((f1, g) => 1 - Math.sqrt(f1 / g) - (f1 / g) * Math.sin(10 * Math.PI * f1))],
  ['dtlz2', () => dtlz2],
  ['conditional14 and size', valueAndSize],
]);

export const OBJECTIVES_PROBLEMS = [...RAW.keys()];

/** @type {Map<string, ObjectivesProblem>} */
const made = new Map();

/**
 * @param {string} name of `OBJECTIVES_PROBLEMS`
 * @returns {ObjectivesProblem}
 */
export function objectivesProblem(name) {
  const known = made.get(name);
  if (known !== undefined) return known;
  const raw = RAW.get(name);
  if (raw === undefined) throw new Error(`There is no problem ${name}.`);
  const { space, losses, front, volume } = raw();
  const all = front();
  const onFront = new Set(paretoFront(all));
  const points = all.filter((_, i) => onFront.has(i));
  /** @param {number} seed @param {number} trials */
  const random = (seed, trials) =>
    Array.from({ length: trials }, (_, k) => losses(drawParams(space, createRng(seed, k, 'regret scale'))));
  const reference = referenceOf(points, random(0, 1_000));
  const best = volume?.(reference) ?? hypervolume(points, reference);
  const ones = Array.from({ length: 20 }, (_, seed) => -hypervolume(random(seed, 10), reference));
  const problem = { space, losses, reference, scale: { zero: -best, one: median(ones) } };
  made.set(name, problem);
  return problem;
}

/**
 * A tenth of the front's range beyond its end, or what half of all random trials reach where that is worse.
 * @param {readonly number[][]} points of the front
 * @param {readonly number[][]} random losses of random trials
 */
function referenceOf(points, random) {
  /** @param {readonly number[][]} list @param {number} m */
  const column = (list, m) => list.map((losses) => losses[m] ?? Number.NaN);
  return Array.from({ length: points[0]?.length ?? 0 }, (_, m) => {
    const ends = column(points, m);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    return Math.max(high + 0.1 * (high - low), median(column(random, m)));
  });
}
