import { useMemo } from 'preact/hooks';
import type { SweepView } from '../wire.ts';
import { BestChart } from './best-chart.tsx';
import { Leaderboard } from './leaderboard.tsx';
import type { LeaderboardView } from './leaderboard-columns.ts';
import { Notice } from './notices.tsx';
import { SummaryCards } from './summary-cards.tsx';
import { bestSoFar, rankTrials, type Trial } from './trials.ts';

interface SweepPageProps {
  readonly sweep: SweepView;
  readonly trials: ReadonlyMap<number, Trial>;
  readonly loaded: boolean;
  readonly view: LeaderboardView;
  readonly onView: (view: LeaderboardView) => void;
}

export function SweepPage({ sweep, trials, loaded, view, onView }: SweepPageProps) {
  const { goal, name: metric } = sweep.metric;
  const metrics = useMemo(
    () => ({ metric: sweep.metric, otherMetrics: sweep.otherMetrics }),
    [JSON.stringify([sweep.metric, sweep.otherMetrics])],
  );
  const ranked = useMemo(() => rankTrials(trials.values(), metrics), [trials, metrics]);
  const points = useMemo(() => bestSoFar(trials.values(), goal), [trials, goal]);
  return (
    <>
      <div class="title">
        <h1>{sweep.name}</h1>
        <p>{describe(sweep)}</p>
      </div>
      {sweep.description && <p class="description">{sweep.description}</p>}
      <SweepNotice sweep={sweep} />
      <SummaryCards sweep={sweep} />
      <section class="panel" aria-labelledby="best-title">
        <h2 id="best-title">Best so far</h2>
        {points.length > 0 ? (
          <BestChart points={points} metric={metric} goal={goal} sweep={sweep.name} />
        ) : (
          <p class="waiting">{loaded ? 'No trial has completed yet.' : 'Loading…'}</p>
        )}
      </section>
      <Leaderboard sweep={sweep} ranked={ranked} loaded={loaded} view={view} onView={onView} />
    </>
  );
}

function describe(sweep: SweepView): string {
  const search = sweep.sampler === sweep.method ? sweep.method : `${sweep.method} search (${sweep.sampler})`;
  const parts = [`${sweep.metric.goal} ${sweep.metric.name}`, search];
  if (sweep.scheduler) parts.push(`stops early by ${sweep.scheduler}`);
  if (sweep.fidelity) parts.push(`${sweep.fidelity.max} ${sweep.fidelity.unit}`);
  if (sweep.backends.length > 0) parts.push(sweep.backends.join(', '));
  return parts.join(' · ');
}

function SweepNotice({ sweep }: { sweep: SweepView }) {
  if (sweep.state === 'running' && !sweep.attended) {
    return (
      <Notice kind="info" title="Nobody runs this sweep now">
        Its process has ended. Go on with <code>tfsweep resume {sweep.name}</code>.
      </Notice>
    );
  }
  if (sweep.reason && sweep.state !== 'complete') {
    return (
      <Notice kind={sweep.state === 'failed' ? 'error' : 'info'} title={`The sweep is ${sweep.state}`}>
        {sweep.reason}
      </Notice>
    );
  }
  return null;
}
