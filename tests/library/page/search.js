import { choice, createStudy, float, int, when } from '@tfsweep/orchestrator/study';

/**
 * A whole search, so that a page and Node can be compared: what was tried, and what came out.
 *
 * @param {'tpe' | 'auto'} sampler
 */
export async function search(sampler) {
  const study = createStudy({
    parameters: {
      rate: float(1e-5, 0.1, { log: true, prior: 1e-3 }),
      units: int(16, 256, { step: 16 }),
      optimizer: choice(['adam', 'sgd']),
      momentum: when({ optimizer: 'sgd' }, float(0.5, 0.99)),
    },
    sampler,
    seed: 11,
  });
  const best = await study.optimize(
    ({ rate, units, momentum = 0 }) =>
      (Math.log10(rate) + 3) ** 2 + ((units - 64) / 100) ** 2 + momentum / 10,
    { trials: 25, concurrency: 2 },
  );
  return { best, trials: study.trials() };
}
