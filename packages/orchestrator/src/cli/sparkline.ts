const BARS = '▁▂▃▄▅▆▇█';

/** A curve in one line of at most `width` characters; where there are more values, each stands for the last of its group. */
export function sparkline(values: readonly number[], width = 60): string {
  const count = Math.min(width, values.length);
  const shown = Array.from(
    { length: count },
    (_, i) => values[Math.ceil(((i + 1) * values.length) / count) - 1]!,
  );
  const finite = shown.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const bar = (value: number): string => {
    if (!Number.isFinite(value)) return '×';
    const level = high > low ? (value - low) / (high - low) : 0.5;
    return BARS[Math.round(level * (BARS.length - 1))]!;
  };
  return shown.map(bar).join('');
}
