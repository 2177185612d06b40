import { useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { chartAxes, wantsLog } from './axes.ts';
import { Chart, type ChartShape, type ChartTheme } from './chart.tsx';
import { formatNumber } from './format.ts';
import { trialPath } from './route.ts';
import type { CurvePoint, Goal } from './trials.ts';

interface BestChartProps {
  readonly points: readonly CurvePoint[];
  readonly metric: string;
  readonly goal: Goal;
  readonly sweep: string;
}

/** Every complete trial as a point, and the best of them so far as a stair. A click opens the trial. */
export function BestChart({ points, metric, goal, sweep }: BestChartProps) {
  const data = useMemo<uPlot.AlignedData>(
    () => [
      points.map((_, index) => index + 1),
      points.map((point) => point.best),
      points.map((point) => point.value),
    ],
    [points],
  );
  const isLog = useMemo(() => wantsLog(points.map((point) => point.value)), [points]);
  const latest = useRef(points);
  latest.current = points;
  const numberAt = (index: number): number | undefined => latest.current[index]?.number;
  const best = points.at(-1)!.best;
  return (
    <Chart
      label={`${metric} of ${points.length} complete trials, in the order in which they ended; the best is ${formatNumber(best)}`}
      height={260}
      data={data}
      shape={(theme) => shapeOf(theme, { metric, goal, isLog, numberAt })}
      shapeKey={`${metric} ${isLog}`}
      onPick={(index) => {
        const number = numberAt(index);
        if (number !== undefined) location.hash = trialPath(sweep, number);
      }}
    />
  );
}

interface ShapeParts {
  readonly metric: string;
  readonly goal: Goal;
  readonly isLog: boolean;
  /** Of the trial at an x of the data as it is now: data changes without a new chart. */
  readonly numberAt: (index: number) => number | undefined;
}

function shapeOf(theme: ChartTheme, { metric, goal, isLog, numberAt }: ShapeParts): ChartShape {
  const value = (_plot: uPlot, raw: number | null): string => (raw === null ? '–' : formatNumber(raw));
  return {
    scales: {
      x: { time: false, range: (_plot, min, max) => [min - 0.5, max + 0.5] },
      y: { distr: isLog ? 3 : 1 },
    },
    axes: chartAxes(theme, 'complete trials, in the order in which they ended', isLog),
    series: [
      {
        label: 'trial',
        value: (_plot, _raw, _series, index) => (index === null ? '–' : String(numberAt(index) ?? '–')),
      },
      {
        label: goal === 'minimize' ? 'lowest so far' : 'highest so far',
        stroke: theme.accent,
        width: 2,
        paths: uPlot.paths.stepped!({ align: 1 }),
        points: { show: false },
        value,
      },
      {
        label: metric,
        stroke: theme.point,
        paths: () => null,
        points: { show: true, size: 6, width: 1, fill: theme.point },
        value,
      },
    ],
    cursor: { drag: { x: false, y: false }, y: false },
  };
}
