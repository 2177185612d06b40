/** The standard normal distribution: probabilities, their inverse, and the logarithm of small masses. */

const LOG_SQRT_2PI = 0.9189385332046728;

/**
 * P(Z <= z), absolute error below 1e-15, relative error in the lower tail below 1e-8 (G. West, "Better approximations
 * to cumulative normal functions", Wilmott 2005, after J. F. Hart 1968).
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  if (x > 38) return z > 0 ? 1 : 0;
  const e = Math.exp(-0.5 * x * x);
  const tail = x < 7.07106781186547 ? (e * hartNumerator(x)) / hartDenominator(x) : farTail(x, e);
  return z > 0 ? 1 - tail : tail;
}

function hartNumerator(x: number): number {
  let n = 3.52624965998911e-2 * x + 0.700383064443688;
  n = n * x + 6.37396220353165;
  n = n * x + 33.912866078383;
  n = n * x + 112.079291497871;
  n = n * x + 221.213596169931;
  return n * x + 220.206867912376;
}

function hartDenominator(x: number): number {
  let n = 8.83883476483184e-2 * x + 1.75566716318264;
  n = n * x + 16.064177579207;
  n = n * x + 86.7807322029461;
  n = n * x + 296.564248779674;
  n = n * x + 637.333633378831;
  n = n * x + 793.826512519948;
  return n * x + 440.413735824752;
}

function farTail(x: number, e: number): number {
  return e / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / 2.506628274631;
}

/** Coefficients of AS 241's three rational approximations, from the constant term up. */
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const;
const NEAR_TAIL = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const;
const FAR_TAIL = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const;

function ratio([numerator, denominator]: readonly (readonly number[])[], r: number): number {
  let n = 0;
  let d = 0;
  for (let i = 7; i >= 0; i--) {
    n = n * r + numerator![i]!;
    d = d * r + denominator![i]!;
  }
  return n / d;
}

/** z with P(Z <= z) = p, 0 < p < 1, relative error about 1e-16 (M. J. Wichura, Algorithm AS 241, PPND16, 1988). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z = r <= 5 ? ratio(NEAR_TAIL, r - 1.6) : ratio(FAR_TAIL, r - 5);
  return q < 0 ? -z : z;
}

/** log P(a < Z < b) for a < b; stays finite however far in a tail the interval lies. */
export function logNormalMass(a: number, b: number): number {
  const width = b - a;
  const middle = 0.5 * (a + b);
  if (width < 0.2 && width * Math.abs(middle) < 0.5) {
    // Narrow: Taylor's series around the middle, without the cancellation of two close probabilities.
    return (
      Math.log(width * (1 + ((middle * middle - 1) * width * width) / 24)) -
      0.5 * middle * middle -
      LOG_SQRT_2PI
    );
  }
  // In the lower tail the probabilities are small numbers and keep their digits.
  const [low, high] = a > 0 ? [-b, -a] : [a, b];
  const mass = normalCdf(high) - normalCdf(low);
  if (mass > 1e-290) return Math.log(mass);
  return -0.5 * high * high - Math.log(Math.max(1, -high)) - LOG_SQRT_2PI;
}

/** log of the standard normal density's constant. */
export const LOG_NORMAL_CONSTANT = LOG_SQRT_2PI;
