import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { SweepView, TrialDetail } from '../wire.ts';
import { AttemptTable } from './attempt-table.tsx';
import { ErrorBlock } from './error-block.tsx';
import { formatDuration, formatNumber, formatParam, formatTime } from './format.ts';
import { LearningCurves } from './learning-curves.tsx';
import { Notice } from './notices.tsx';
import { sweepPath, trialPath } from './route.ts';
import { StateLabel } from './state-label.tsx';
import { useTrialDetail } from './trial-detail.ts';
import { rankTrials, readTrial, shownValue, type Trial } from './trials.ts';

interface TrialPageProps {
  readonly sweep: SweepView;
  readonly trials: ReadonlyMap<number, Trial>;
  readonly number: number;
}

export function TrialPage({ sweep, trials, number }: TrialPageProps) {
  const state = useTrialDetail(sweep.id, number, trials.get(number));
  const rank = useMemo(
    () => rankTrials(trials.values(), sweep).find((row) => row.trial.number === number)?.rank ?? null,
    [trials, number, sweep.metric.goal],
  );
  return (
    <>
      <nav class="trail" aria-label="Trials">
        <a href={sweepPath(sweep.name)}>← {sweep.name}</a>
        {trials.has(number - 1) && <a href={trialPath(sweep.name, number - 1)}>‹ trial {number - 1}</a>}
        {trials.has(number + 1) && <a href={trialPath(sweep.name, number + 1)}>trial {number + 1} ›</a>}
      </nav>
      <div class="title">
        <h1>Trial {number}</h1>
        {state.kind === 'ready' && <StateLabel state={state.detail.state} />}
        {rank !== null && <p>rank {rank}</p>}
      </div>
      {state.kind === 'loading' && <p class="waiting">Loading…</p>}
      {state.kind === 'failed' && (
        <Notice kind="error" title="Nothing to show">
          {state.message}
        </Notice>
      )}
      {state.kind === 'ready' && <TrialBody sweep={sweep} detail={state.detail} />}
    </>
  );
}

function TrialBody({ sweep, detail }: { sweep: SweepView; detail: TrialDetail }) {
  return (
    <>
      {detail.error && <ErrorBlock error={detail.error} />}
      {!detail.error && detail.reason && (
        <Notice kind="info" title={`This trial is ${detail.state}`}>
          {detail.reason}
        </Notice>
      )}
      <div class="columns">
        <section class="panel" aria-labelledby="result-title">
          <h2 id="result-title">Result</h2>
          <Result sweep={sweep} detail={detail} />
        </section>
        <section class="panel" aria-labelledby="params-title">
          <h2 id="params-title">Parameters</h2>
          <dl class="facts">
            {Object.entries(detail.params).map(([name, value]) => (
              <Fact key={name} name={name}>
                {formatParam(value)}
              </Fact>
            ))}
          </dl>
        </section>
      </div>
      <section class="panel" aria-labelledby="curves-title">
        <h2 id="curves-title">Learning curves</h2>
        <LearningCurves
          reports={detail.reports}
          metric={sweep.metric.name}
          unit={sweep.fidelity?.unit ?? 'steps'}
        />
      </section>
      <section class="panel" aria-labelledby="attempts-title">
        <h2 id="attempts-title">Attempts</h2>
        <AttemptTable attempts={detail.attemptList} />
      </section>
    </>
  );
}

function Result({ sweep, detail }: { sweep: SweepView; detail: TrialDetail }) {
  const value = shownValue(readTrial(detail));
  const { metric, fidelity } = sweep;
  return (
    <dl class="facts">
      <Fact name={detail.value === null ? `${metric.name} (last report)` : metric.name}>
        {value === null ? '–' : formatNumber(value)}
      </Fact>
      {Object.entries(detail.metrics)
        .filter(([name]) => name !== metric.name)
        .map(([name, other]) => (
          <Fact key={name} name={name}>
            {formatNumber(Number(other))}
          </Fact>
        ))}
      <Fact name={fidelity?.unit ?? 'steps'}>
        {detail.step}
        {fidelity && ` of ${fidelity.max}`}
      </Fact>
      <Fact name="chosen by">{detail.sampler}</Fact>
      <Fact name="worker">{detail.worker ?? '–'}</Fact>
      <Fact name="backend">{detail.backend ?? '–'}</Fact>
      <Fact name="started">{detail.startedAt === null ? '–' : formatTime(detail.startedAt)}</Fact>
      <Fact name="duration">
        {detail.durationSeconds === null ? '–' : formatDuration(detail.durationSeconds)}
      </Fact>
      {detail.retryOf !== null && (
        <Fact name="retry of">
          <a href={trialPath(sweep.name, detail.retryOf)}>trial {detail.retryOf}</a>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
