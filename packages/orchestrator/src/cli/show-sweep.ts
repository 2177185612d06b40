import {
  commonestFailure,
  edgeParameters,
  hasSeveralMetrics,
  jsonSafe,
  savedSteps,
  significant,
  summarizeWhole,
  sweepFront,
} from '../analysis/index.ts';
import type { ConstraintConfig, MetricConfig } from '../config/index.ts';
import { describeDistribution } from '../space/describe-distribution.ts';
import type { Store, SweepRow, TrialRow } from '../store/index.ts';
import { paint } from './context.ts';
import { durationText } from './duration-text.ts';
import { isoTime } from './iso-time.ts';
import { paramText } from './leaderboard.ts';
import { liveState, localTime } from './list.ts';
import { plain, renderTable } from './table.ts';

export function sweepJson(store: Store, sweep: SweepRow): unknown {
  return jsonSafe({
    ...summarizeWhole(store, sweep),
    id: sweep.id,
    reason: sweep.reason,
    gpu_hours: sweep.gpuSeconds / 3600,
    interrupted: liveState(sweep) === 'interrupted',
    created_at: isoTime(sweep.createdAt),
    finished_at: isoTime(sweep.finishedAt),
    config: sweep.config,
    transfer: store.transfer(sweep.id).map(({ name, trials }) => ({ sweep: name, trials: trials.length })),
    config_dir: sweep.configDir,
    source: sweep.source,
    commonest_failure: commonestFailure(store.trials(sweep.id, { states: ['failed'] })),
  });
}

export function sweepLines(store: Store, sweep: SweepRow): string[] {
  const { config, counts } = sweep;
  const trials = store.trials(sweep.id, { states: ['complete', 'pruned', 'failed'] });
  const states = Object.entries(counts).filter(([, count]) => count > 0);
  const lines = [
    `${paint('bold', sweep.name)}  ${liveState(sweep)}${sweep.reason === null ? '' : ` (${plain(sweep.reason)})`}`,
    ...(config.description === null ? [] : [plain(config.description)]),
    '',
    `id        ${sweep.id}`,
    `started   ${localTime(sweep.createdAt)}, ${durationText(sweep.wallSeconds)} of running${gpuText(sweep)}`,
    `goal      ${[config.metric, ...config.otherMetrics].map(goalText).join(', ')}`,
    `search    ${config.method} (${config.sampler.type})${config.earlyTerminate === null ? '' : `, ${config.earlyTerminate.type}`}, seed ${config.seed}`,
    `trials    ${states.map(([state, count]) => `${count} ${state}`).join(', ') || 'none yet'}${config.runCap === null ? '' : ` of ${config.runCap}`}`,
  ];
  const fixed = Object.entries(config.fixed).map(([name, value]) => `${name} ${paramText(value)}`);
  if (fixed.length > 0) lines.push(`fixed     ${fixed.join(', ')}`);
  if (config.reproducible !== null)
    lines.push(
      `order     trial n follows from those up to n - ${config.reproducible.lag}, whatever the timing`,
    );
  const known = store.transfer(sweep.id).map(({ name, trials: taken }) => `${name} (${taken.length} trials)`);
  if (known.length > 0) lines.push(`learnt    ${known.join(', ')}`);
  if (sweep.backends.length > 0) lines.push(`backend   ${sweep.backends.map(plain).join(', ')}`);
  lines.push(`config    ${sweep.configDir}`, '', ...parameterLines(sweep));
  if (sweep.best !== null) {
    lines.push(
      '',
      `best      trial ${sweep.best.number}: ${config.metric.name} ${significant(sweep.best.value, 5)}`,
    );
    for (const { name, value, edge } of edgeParameters(config.parameters, sweep.best.params)) {
      lines.push(`          its ${name} (${paramText(value)}) lies at the ${edge} of its range`);
    }
  }
  lines.push(...frontLines(sweep, trials));
  const saved = savedSteps(config, trials);
  if (saved !== null && saved.saved > 0)
    lines.push(`saved     ${saved.saved} of ${saved.full} ${saved.unit} by early stopping`);
  const failure = commonestFailure(trials);
  if (failure !== null) {
    lines.push(
      `failures  ${counts.failed}, most often (${failure.count}): ${paint('red', plain(failure.reason))}, first in trial ${failure.number}`,
    );
  }
  return lines;
}

function gpuText({ gpuSeconds }: SweepRow): string {
  return gpuSeconds === 0 ? '' : `, ${significant(gpuSeconds / 3600, 3)} GPU hours`;
}

function frontLines({ config }: SweepRow, trials: readonly TrialRow[]): string[] {
  if (!hasSeveralMetrics(config)) return [];
  const front = sweepFront(config, trials);
  if (front.trials.length === 0) return [];
  if (!front.isFeasible) return ['front     no trial keeps the constraints'];
  return [`front     ${front.trials.map(({ number }) => `trial ${number}`).join(', ')}`];
}

/** `minimize loss`, or `latency at most 5`. */
export function goalText(metric: MetricConfig | ConstraintConfig): string {
  if ('goal' in metric) return `${metric.goal} ${metric.name}`;
  const bounds = [
    metric.min === null ? [] : `at least ${metric.min}`,
    metric.max === null ? [] : `at most ${metric.max}`,
  ].flat();
  return `${metric.name} ${bounds.join(' and ')}`;
}

function parameterLines({ config, best }: SweepRow): string[] {
  const rows = config.parameters.map(({ name, distribution }) => [
    name,
    describeDistribution(distribution),
    best !== null && Object.hasOwn(best.params, name) ? paramText(best.params[name]!) : '',
  ]);
  const [titles, ...lines] = renderTable(
    [{ title: 'parameter' }, { title: 'range' }, { title: 'best' }],
    rows,
  );
  return [paint('bold', titles!), ...lines];
}
