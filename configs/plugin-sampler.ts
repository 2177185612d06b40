import {
  buildParams,
  defineSampler,
  draw,
  fromUnit,
  type ObservedTrial,
  type Space,
  toUnit,
} from '@tfsweep/orchestrator/study';

/**
 * Local search: most trials are a step away from the best one so far, every now and then one is drawn anew so that
 * no hollow is a trap. All chance comes from `rng`, so that the same seed and history give the same suggestion.
 */
export default defineSampler({
  name: 'local-search',
  create(space: Space, options) {
    const spread = share('spread', options.spread ?? 0.2);
    const anew = share('anew', options.anew ?? 0.2);
    return {
      suggest({ history, rng }) {
        const best = bestOf(history);
        if (best === null || rng.next() < anew)
          return {
            params: buildParams(space, ({ distribution }) => draw(distribution, rng)),
            why: 'drawn anew',
          };
        const params = buildParams(space, ({ name, distribution }) => {
          const value = best.params[name];
          // A conditional parameter may be missing from the best trial.
          if (value === undefined) return draw(distribution, rng);
          const there = toUnit(distribution, value) + spread * rng.normal();
          return fromUnit(distribution, Math.min(1, Math.max(0, there)));
        });
        return { params, why: `near trial ${best.number}` };
      },
    };
  },
});

function bestOf(history: readonly ObservedTrial[]): ObservedTrial | null {
  let best: ObservedTrial | null = null;
  for (const trial of history) {
    if (trial.state === 'complete' && (best === null || trial.loss! < best.loss!)) best = trial;
  }
  return best;
}

function share(name: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= 1) return value;
  throw new Error(`\`${name}\` is ${JSON.stringify(value)}; it must be above 0 and at most 1`);
}
