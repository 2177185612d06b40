const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `90s`, `10m`, `6h`, `500ms`, `2d`, `1.5h`. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** @returns milliseconds; the text must match `DURATION_PATTERN`. */
export function parseDuration(text: string): number {
  const match = DURATION_PATTERN.exec(text);
  if (match === null) throw new RangeError(`not a duration: ${text}`);
  return Math.round(Number(match[1]) * UNITS_MS[match[2]!]!);
}
