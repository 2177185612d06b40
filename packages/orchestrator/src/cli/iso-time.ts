/** Milliseconds since 1970 as ISO 8601 in UTC; what came from a worker's clock may be no date at all, then null. */
export function isoTime(ms: number | null): string | null {
  if (ms === null) return null;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
