import { Component } from 'preact';
import { formatDuration, formatNumber, formatParam } from './format.ts';
import { trialPath } from './route.ts';
import { StateLabel } from './state-label.tsx';
import { shownValue, type Trial } from './trials.ts';

interface LeaderboardLineProps {
  readonly trial: Trial;
  readonly rank: number | null;
  readonly sweep: string;
  /** Names of the metrics beyond the first. */
  readonly otherMetrics: readonly string[];
  readonly parameters: readonly string[];
  readonly maxStep: number | null;
}

/** Rendered again only when its own trial or rank changes. */
export class LeaderboardLine extends Component<LeaderboardLineProps> {
  override shouldComponentUpdate(next: LeaderboardLineProps): boolean {
    const now = this.props;
    return (
      next.trial !== now.trial ||
      next.rank !== now.rank ||
      next.sweep !== now.sweep ||
      next.otherMetrics !== now.otherMetrics ||
      next.parameters !== now.parameters ||
      next.maxStep !== now.maxStep
    );
  }

  override render({ trial, rank, sweep, otherMetrics, parameters, maxStep }: LeaderboardLineProps) {
    const path = trialPath(sweep, trial.number);
    const value = shownValue(trial);
    const isInfeasible = (trial.violation ?? 0) > 0;
    return (
      // The link in the row is what a keyboard reaches; the row only makes it larger for a pointer.
      <tr
        onClick={() => openUnlessSelecting(path)}
        data-state={trial.state}
        data-best={rank === 1 && !isInfeasible}
      >
        <td class="number">{rank ?? '–'}</td>
        <th scope="row" class="number">
          <a href={path}>{trial.number}</a>
        </th>
        <td class="state-cell">
          <StateLabel state={trial.state} />
          {trial.reason !== null && <span class="reason">{trial.reason}</span>}
          {isInfeasible && <span class="reason">breaks a constraint</span>}
        </td>
        <td class={trial.value === null ? 'number faint' : 'number value'}>
          {value === null ? '–' : formatNumber(value)}
        </td>
        {otherMetrics.map((name) => (
          <td key={name} class="number">
            {trial.values?.[name] === undefined ? '–' : formatNumber(trial.values[name])}
          </td>
        ))}
        <td class="number">
          {trial.step}
          {maxStep !== null && <span class="faint"> / {maxStep}</span>}
        </td>
        {parameters.map((name) => (
          <td key={name} class="param">
            {formatParam(trial.params[name])}
          </td>
        ))}
        <td class="number">{trial.durationSeconds === null ? '–' : formatDuration(trial.durationSeconds)}</td>
        <td class="worker">{trial.worker ?? '–'}</td>
      </tr>
    );
  }
}

function openUnlessSelecting(path: string): void {
  if (getSelection()?.isCollapsed ?? true) location.hash = path;
}
