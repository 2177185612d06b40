import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import type { ReportView } from '../wire.ts';
import { chartAxes, wantsLog } from './axes.ts';
import { Chart, type ChartShape, type ChartTheme } from './chart.tsx';
import { type CurveGroup, groupCurves } from './curves.ts';
import { formatNumber } from './format.ts';

interface LearningCurvesProps {
  readonly reports: readonly ReportView[];
  readonly metric: string;
  readonly unit: string;
}

export function LearningCurves({ reports, metric, unit }: LearningCurvesProps) {
  const groups = useMemo(() => groupCurves(reports, metric), [reports, metric]);
  if (groups.length === 0) return <p class="waiting">No reports yet.</p>;
  return (
    <div class="curves">
      {groups.map((group) => (
        <figure key={group.title}>
          <figcaption>{group.title}</figcaption>
          <CurveChart group={group} unit={unit} />
        </figure>
      ))}
    </div>
  );
}

function CurveChart({ group, unit }: { group: CurveGroup; unit: string }) {
  const data = useMemo(() => [group.steps, ...group.values] as uPlot.AlignedData, [group]);
  const isLog = useMemo(() => wantsLog(group.values.flat().filter((value) => value !== null)), [group]);
  return (
    <Chart
      label={`${group.names.join(' and ')} over ${group.steps.length} ${unit}`}
      height={200}
      data={data}
      shape={(theme) => shapeOf(theme, group.names, unit, isLog)}
      shapeKey={`${group.names.join(' ')} ${isLog}`}
    />
  );
}

function shapeOf(theme: ChartTheme, names: readonly string[], unit: string, isLog: boolean): ChartShape {
  return {
    scales: { x: { time: false }, y: { distr: isLog ? 3 : 1 } },
    axes: chartAxes(theme, unit, isLog),
    series: [
      { label: unit, value: (_plot, raw: number | null) => (raw === null ? '–' : String(raw)) },
      ...names.map((label, index) => ({
        label,
        stroke: index === 0 ? theme.accent : theme.second,
        width: 2,
        points: { show: true, size: 5 },
        value: (_plot: uPlot, raw: number | null) => (raw === null ? '–' : formatNumber(raw)),
      })),
    ],
    cursor: { drag: { x: false, y: false }, y: false },
  };
}
