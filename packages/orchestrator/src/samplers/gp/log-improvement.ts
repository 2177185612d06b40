import { normalCdf } from '../../space/normal.ts';

const LOG_SQRT_2PI = 0.9189385332046728;
const SQRT_2PI = 2.5066282746310002;
/** Below it the asymptotic series of Mills' ratio is exact in double precision where differences of it are not. */
const FAR = -25;
/** Above it density and probability are added as they are. */
const NEAR = -1;

/**
 * log h(z), where σ·h((incumbent − μ) / σ) is the expected improvement of a normal variable, and its derivative; finite
 * however far in the tail (Ament et al., "Unexpected Improvements to Expected Improvement", NeurIPS 2023, eq. 8 and
 * appendix A: h(z) = φ(z) + z·Φ(z) = φ(z)·(1 + z·M(z)) with M = Φ/φ).
 */
export function logImprovement(z: number): { readonly value: number; readonly slope: number } {
  if (z > NEAR) {
    const cdf = normalCdf(z);
    const h = Math.exp(-0.5 * z * z) / SQRT_2PI + z * cdf;
    return { value: Math.log(h), slope: cdf / h };
  }
  if (z > FAR) {
    const mills = millsRatio(-z);
    const rest = 1 + z * mills;
    return { value: -0.5 * z * z - LOG_SQRT_2PI + Math.log(rest), slope: mills / rest };
  }
  // 1 + z·M = u − 3u² + 15u³ − 105u⁴ + … with u = 1/z², and M = (1 − u + 3u² − 15u³ + …) / |z|.
  const u = 1 / (z * z);
  const rest = u * (1 - u * (3 - u * (15 - u * (105 - u * (945 - u * 10395)))));
  const mills = (1 - u * (1 - u * (3 - u * (15 - u * (105 - u * 945))))) / -z;
  return { value: -0.5 * z * z - LOG_SQRT_2PI + Math.log(rest), slope: mills / rest };
}

/** (1 − Φ(x)) / φ(x) for x >= 1, by Laplace's continued fraction, evaluated forward (modified Lentz). */
function millsRatio(x: number): number {
  let c = x;
  let d = 0;
  let fraction = x;
  for (let k = 1; k < 500; k++) {
    d = 1 / (x + k * d);
    c = x + k / c;
    const change = c * d;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return 1 / fraction;
}

/** log Φ(z) and its derivative, far in the tail as well. */
export function logProbability(z: number): { readonly value: number; readonly slope: number } {
  if (z > NEAR) {
    const cdf = normalCdf(z);
    return { value: Math.log(cdf), slope: Math.exp(-0.5 * z * z) / SQRT_2PI / cdf };
  }
  const mills = millsRatio(-z);
  return { value: -0.5 * z * z - LOG_SQRT_2PI + Math.log(mills), slope: 1 / mills };
}
