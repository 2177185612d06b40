import type uPlot from 'uplot';
import type { ChartTheme } from './chart.tsx';
import { formatNumber } from './format.ts';

const WHOLE_STEPS = [1, 2, 5].flatMap((unit) => Array.from({ length: 8 }, (_, power) => unit * 10 ** power));
const LOG_SPREAD = 100;
const FONT = '12px system-ui, sans-serif';

/** Trials or steps below, values at the left. */
export function chartAxes(theme: ChartTheme, xLabel: string, isLog: boolean): uPlot.Axis[] {
  const common = { stroke: theme.text, font: FONT, labelFont: FONT, ticks: { show: false } };
  return [
    {
      ...common,
      label: xLabel,
      labelSize: 18,
      size: 28,
      incrs: WHOLE_STEPS.sort((a, b) => a - b),
      grid: { show: false },
    },
    {
      ...common,
      size: 64,
      grid: { stroke: theme.grid, width: 1, ...(isLog && { filter: onlyPowersOfTen }) },
      // uPlot hands in null for the lines of a logarithmic axis that get no label.
      values: (_plot, splits: (number | null)[]) =>
        splits.map((value) => (value === null ? '' : formatNumber(value))),
    },
  ];
}

function onlyPowersOfTen(_plot: uPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => (Number.isInteger(Number(Math.log10(value).toFixed(6))) ? value : null));
}

/** A linear axis hides everything but the worst once values spread over some powers of ten. */
export function wantsLog(values: Iterable<number>): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (value <= 0) return false;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high >= low * LOG_SPREAD;
}
