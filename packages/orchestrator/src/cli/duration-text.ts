import { significant } from '../analysis/index.ts';

/** `8 s`, `3 m 05 s`, `2 h 10 m`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} m ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`;
}

/** The same, with two digits of what is shorter than ten seconds. */
export function timeText(seconds: number): string {
  return seconds < 10 ? `${significant(seconds, 2)} s` : durationText(seconds);
}
