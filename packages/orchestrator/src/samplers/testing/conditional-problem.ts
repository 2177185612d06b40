import type { Params, Space } from '../../space/types.ts';
import { atLeast, float, int, isIn, oneOf, ordinal, parameter } from '../../study/testing/spaces.ts';

/** Something to minimise. */
export interface TestProblem {
  readonly parameters: Space;
  readonly loss: (params: Params) => number;
}

/** The best optimiser has the narrowest learning rate; depth rules which widths exist; all kinds of distributions. */
export const conditional: TestProblem = {
  parameters: [
    parameter('optimizer', oneOf('sgd', 'adam', 'rmsprop')),
    parameter('sgd_rate', float(1e-4, 10, { log: true }), isIn('optimizer', 'sgd')),
    parameter('momentum', float(0, 0.95, { step: 0.05 }), isIn('optimizer', 'sgd')),
    parameter('adam_rate', float(1e-5, 1, { log: true }), isIn('optimizer', 'adam', 'rmsprop')),
    parameter('layers', int(1, 3)),
    parameter('units1', int(8, 512, { log: true })),
    parameter('units2', ordinal(8, 16, 32, 64, 128, 256), atLeast('layers', 2)),
    parameter('noise', { kind: 'normal', mu: 0, sigma: 2, log: false, int: false }),
    parameter('fixed', oneOf('only')),
  ],
  loss: (p) => {
    const off = (name: string, best: number): number => Math.log10((p[name] as number) / best) ** 2;
    const rate =
      p.optimizer === 'sgd'
        ? off('sgd_rate', 0.05) + ((p.momentum as number) - 0.9) ** 2
        : 0.3 + 0.3 * off('adam_rate', 1e-3);
    const widths =
      off('units1', 128) + (p.layers === 1 ? 0.4 : off('units2', 64)) + (p.layers === 3 ? 0.1 : 0);
    return rate + widths + 0.05 * Math.abs((p.noise as number) - 1);
  },
};
