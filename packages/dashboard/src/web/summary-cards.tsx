import type { ComponentChildren } from 'preact';
import { readNumber, type SweepView, TRIAL_STATES } from '../wire.ts';
import { formatCount, formatDuration, formatNumber, formatRate } from './format.ts';
import { trialPath } from './route.ts';
import { StateLabel } from './state-label.tsx';

export function SummaryCards({ sweep }: { sweep: SweepView }) {
  const { counts, best, metric } = sweep;
  const ended = counts.complete + counts.pruned + counts.failed + counts.stopped;
  const rate = sweep.trialsPerSecond === null ? null : formatRate(sweep.trialsPerSecond);
  return (
    <dl class="cards">
      <Card label="Sweep" value={<StateLabel state={sweep.state} />}>
        {formatDuration(sweep.wallSeconds)} of work
      </Card>
      <Card label="Trials ended" value={formatCount(ended)}>
        {sweep.runCap === null ? 'no limit' : `of ${formatCount(sweep.runCap)}`}
        <ProgressBar sweep={sweep} />
      </Card>
      <Card label={`Best ${metric.name}`} value={best ? formatNumber(readNumber(best.value)) : '–'}>
        {best ? <a href={trialPath(sweep.name, best.number)}>trial {best.number}</a> : 'none complete yet'}
        {metric.target !== null && `, target ${formatNumber(metric.target)}`}
      </Card>
      <Card label="Speed" value={rate?.amount ?? '–'}>
        {rate ? `trials ${rate.unit}` : 'no trial has ended yet'}
      </Card>
      {sweep.state === 'running' && (
        <Card
          label="Time left"
          value={sweep.etaSeconds === null ? '–' : `≈ ${formatDuration(sweep.etaSeconds)}`}
        >
          {sweep.etaSeconds === null ? 'not known yet' : 'at this speed'}
        </Card>
      )}
    </dl>
  );
}

function Card({
  label,
  value,
  children,
}: {
  label: string;
  value: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="card">
      <dt>{label}</dt>
      <dd class="figure">{value}</dd>
      <dd class="aside">{children}</dd>
    </div>
  );
}

/** Only decoration: the same counts stand as words at the table's filter. */
function ProgressBar({ sweep: { counts, runCap } }: { sweep: SweepView }) {
  const known = TRIAL_STATES.reduce((sum, state) => sum + counts[state], 0);
  const whole = Math.max(runCap ?? 0, known, 1);
  const order = ['complete', 'pruned', 'failed', 'stopped', 'running', 'paused'] as const;
  return (
    <span class="progress" aria-hidden="true">
      {order.map((state) => (
        <span key={state} data-state={state} style={{ width: `${(100 * counts[state]) / whole}%` }} />
      ))}
    </span>
  );
}
