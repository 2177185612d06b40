import { DURATION_PATTERN, parseDuration } from '../config/durations.ts';
import { TfsweepError } from '../errors.ts';

const MOST_WORKERS = 100_000;

/** `1,8,64` */
export function readFleets(text: string): number[] {
  return text.split(',').map((part) => {
    const workers = Number(part);
    if (/^\d+$/.test(part) && workers >= 1 && workers <= MOST_WORKERS) return workers;
    throw usage(
      `--workers is \`${text}\`; it must be whole numbers from 1 to ${MOST_WORKERS}, such as 1,8,64.`,
    );
  });
}

export function readWhole(flag: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw usage(`${flag} is \`${text}\`; it must be a whole number from ${least}.`);
  };
}

/** A duration as the sweep file spells it. @returns seconds */
export function readSeconds(flag: string): (text: string) => number {
  return (text) => {
    if (DURATION_PATTERN.test(text)) return parseDuration(text) / 1000;
    throw usage(`${flag} is \`${text}\`; it must be a duration such as 500ms, 90s, 10m or 2h.`);
  };
}

/** Standard deviation of the logarithm. */
export function readShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 2) return value;
  throw usage(`--time-spread is \`${text}\`; it must be a number from 0 to 2: 0.1 is about a tenth.`);
}

function usage(message: string): TfsweepError {
  return new TfsweepError('USAGE', message, { exitCode: 2 });
}
