import { expect, it } from 'vitest';
import { logImprovement, logProbability } from './log-improvement.ts';

/**
 * z, log(φ(z) + z·Φ(z)) and its derivative Φ/(φ + z·Φ), with 60 digits of mpmath:
 * phi = exp(-z*z/2)/sqrt(2*pi); Phi = erfc(-z/sqrt(2))/2; h = phi + z*Phi; print(z, log(h), Phi/h)
 */
const EXACT = [
  [5, 1.6094379231264313, 0.19999994053122006],
  [2, 0.6973835457882284, 0.48655931878528386],
  [0.5, -0.3598276837450638, 0.9909227180041099],
  [0, -0.9189385332046728, 1.2533141373155003],
  [-0.5, -1.6205162643873199, 1.5598731483480797],
  [-0.999, -2.4832171154475855, 1.9035493173589595],
  [-1, -2.4851210257126413, 1.9042712333296918],
  [-1.001, -2.4870256579553893, 1.9049932727342131],
  [-3, -7.869686059603029, 3.5323375176251606],
  [-8, -37.12236426169263, 8.239396506840066],
  [-20, -206.9178385094251, 20.099262811101283],
  [-24.9, -317.35848574266737, 24.97993695947114],
  [-25, -319.86146358149597, 25.07962023426653],
  [-25.1, -322.374409872464, 25.17930599737754],
  [-40, -808.29856835662, 40.04990665764852],
  [-100, -5010.12957880025, 100.01999400419587],
  [-1000, -500014.73445209116, 1000.001999994],
  [-100000, -5000000023.94479, 100000.00002],
] as const;

it.each(EXACT)('is the logarithm of the expected improvement at z = %d, and its slope', (z, value, slope) => {
  const found = logImprovement(z);
  expect(Math.abs(found.value - value)).toBeLessThan(1e-11 * Math.max(1, Math.abs(value)));
  expect(Math.abs(found.slope - slope)).toBeLessThan(1e-9 * slope);
});

/** z, log Φ(z) and its derivative φ/Φ, by mpmath as above. */
const EXACT_PROBABILITIES = [
  [3, -0.0013508099647481938, 0.004437839042125664],
  [-0.9, -1.6924928065613383, 1.4456430984031134],
  [-1.1, -1.997558846986297, 1.6057971722098505],
  [-5, -15.064998393988725, 5.186503967125842],
  [-30, -454.3212439563432, 30.033259667433676],
  [-200, -20006.21728089819, 200.00499975003123],
] as const;

it.each(EXACT_PROBABILITIES)(
  'is the logarithm of the probability below %d, and its slope',
  (z, value, slope) => {
    const found = logProbability(z);
    expect(Math.abs(found.value - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)));
    expect(Math.abs(found.slope - slope)).toBeLessThan(1e-10 * slope);
  },
);
