const SMALLEST_PLAIN = 1e-4;

/** A number as people read it: whole ones whole, others to `digits` significant digits, without trailing zeros. */
export function significant(value: number, digits = 4): string {
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return String(value);
  const rounded = Number(value.toPrecision(digits));
  return Math.abs(rounded) < SMALLEST_PLAIN ? rounded.toExponential() : String(rounded);
}
