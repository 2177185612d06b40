/** Oldest Redis with all that is used: BullMQ 6 wants 6.2, and so does XTRIM MINID. */
export const MINIMUM_REDIS_VERSION = '6.2';

/** @param version as a server states it: `7.0.15`. Text that is no version counts as too old. */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [leastMajor = 0, leastMinor = 0] = MINIMUM_REDIS_VERSION.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
