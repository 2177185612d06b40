import { describe, expect, it } from 'vitest';
import { logNormalMass, normalCdf, normalQuantile } from './normal.ts';

describe('normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [-5, 2.8665157187919333e-7],
    [-10, 7.619853024160527e-24],
    [-30, 4.906713927148187e-198],
  ])('knows P(Z <= %d)', (z, p) => {
    expect(Math.abs(normalCdf(z) / p - 1)).toBeLessThan(1e-8);
  });

  it('inverts the probabilities over the whole range', () => {
    for (const p of [1e-300, 1e-20, 1e-6, 0.01, 0.3, 0.5, 0.77, 0.999999]) {
      expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-8);
    }
  });

  it.each([
    [-1, 1, Math.log(0.6826894921370859)],
    [7, 8, Math.log(1.2791903456452103e-12)],
    [0.5, 0.5001, Math.log(0.3520653267642995 * 1e-4) - 0.25e-4],
  ])('gives the log mass of (%d, %d)', (a, b, expected) => {
    expect(logNormalMass(a, b)).toBeCloseTo(expected, 6);
    expect(logNormalMass(-b, -a)).toBeCloseTo(expected, 6);
  });

  it('stays finite where a mass is too small for a double, and falls with the distance', () => {
    expect(logNormalMass(50, 51)).toBeGreaterThan(-1300);
    expect(logNormalMass(60, 61)).toBeLessThan(logNormalMass(50, 51));
    expect(logNormalMass(50, 50.001)).toBeLessThan(logNormalMass(50, 51));
  });
});
