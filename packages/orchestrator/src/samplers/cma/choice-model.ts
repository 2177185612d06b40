/** How likely each choice of each categorical parameter is. Never changed: an update makes a new one. */
export interface ChoiceModel {
  /** One per parameter; each sums to 1. */
  readonly probabilities: readonly (readonly number[])[];
  /** The least that is left to each choice; 0 where the space gives it no probability. */
  readonly floors: readonly (readonly number[])[];
  /** Path, its expected square, and trust region of the adaptive natural gradient. */
  readonly path: readonly (readonly number[])[];
  readonly pathWeight: number;
  readonly trust: number;
}

/** Chance that no parameter strays from its most likely choice once everything has settled (Hamano et al. 2024). */
const SETTLED = 0.73;
/** Noise that the gradient's path may show before steps get shorter (Akimoto et al. 2019). */
const ALPHA = 1.5;

/** @param initial one distribution per categorical parameter. */
export function createChoiceModel(initial: readonly (readonly number[])[]): ChoiceModel {
  const stray = 1 - SETTLED ** (1 / Math.max(1, initial.length));
  const floors = initial.map((ps) => ps.map((p) => Math.min(p, stray / Math.max(1, ps.length - 1))));
  return {
    probabilities: initial,
    floors,
    path: initial.map((ps) => ps.map(() => 0)),
    pathWeight: 0,
    trust: 1,
  };
}

/**
 * One generation of the categorical half of CatCMA (Hamano et al. 2024): a natural gradient step whose length in the
 * Fisher metric follows how much the gradients agree (ASNG, Akimoto et al. 2019), then the margin.
 *
 * @param points per trial and parameter the index of its choice; -1 where the trial lacks the parameter.
 * @param weights one per trial; those below 0 do not count.
 */
export function updateChoices(
  model: ChoiceModel,
  points: readonly (readonly number[])[],
  weights: Float64Array,
): ChoiceModel {
  const gradient = model.probabilities.map((ps) => ps.map(() => 0));
  for (const [i, point] of points.entries()) {
    if (!(weights[i]! > 0)) continue;
    for (const [k, choice] of point.entries()) {
      if (choice < 0) continue;
      const ps = model.probabilities[k]!;
      for (let c = 0; c < ps.length; c++) gradient[k]![c]! += weights[i]! * (Number(c === choice) - ps[c]!);
    }
  }
  const scaled = gradient.map((row, k) => row.map((g, c) => inFisherMetric(g, model.probabilities[k]![c]!)));
  const length = Math.sqrt(squares(scaled));
  if (length < 1e-12) return model;

  const degrees = model.probabilities.reduce((sum, ps) => sum + ps.length - 1, 0);
  const step = 1 / model.trust;
  const rate = Math.min(1, step / Math.sqrt(degrees));
  const gain = Math.sqrt(rate * (2 - rate));
  const path = model.path.map((row, k) =>
    row.map((s, c) => (1 - rate) * s + (gain * scaled[k]![c]!) / length),
  );
  const pathWeight = (1 - rate) ** 2 * model.pathWeight + rate * (2 - rate);
  return {
    ...model,
    probabilities: model.probabilities.map((ps, k) =>
      lifted(
        ps.map((p, c) => p + (step / length) * gradient[k]![c]!),
        model.floors[k]!,
      ),
    ),
    path,
    pathWeight,
    trust: Math.max(1, model.trust * Math.exp(rate * (pathWeight - squares(path) / ALPHA))),
  };
}

function inFisherMetric(gradient: number, probability: number): number {
  return probability > 0 ? gradient / Math.sqrt(probability) : 0;
}

/** Every choice gets its floor; what that takes comes from what lies above the floors. */
function lifted(probabilities: readonly number[], floors: readonly number[]): number[] {
  const above = probabilities.map((p, c) => Math.max(0, p - floors[c]!));
  const room = 1 - floors.reduce((sum, floor) => sum + floor, 0);
  const total = above.reduce((sum, p) => sum + p, 0);
  return floors.map((floor, c) => floor + (total > 0 ? (above[c]! * room) / total : room / floors.length));
}

function squares(rows: readonly (readonly number[])[]): number {
  return rows.reduce((sum, row) => sum + row.reduce((part, value) => part + value * value, 0), 0);
}
