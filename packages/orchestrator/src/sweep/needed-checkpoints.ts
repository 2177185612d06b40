import type { SweepConfig } from '../config/sweep-config.ts';
import type { CheckpointRow } from '../store/types.ts';
import type { StudyTrial } from '../study/types.ts';

/**
 * Which checkpoints of a trial may still be of use. One that can go on needs its newest, whatever `keep` says; of a
 * complete one people want the model, `latest` of each and `best` of the best. The model of a value that is the best of
 * its reports (`metric.reduce: best`) is that of its step and not the newest one; that of a value that the trainer
 * returned is the newest.
 *
 * @param saved by attempt and step, the newest last
 * @param isBest it is the best trial, or on the front where there are several metrics
 */
export function neededCheckpoints(
  saved: readonly CheckpointRow[],
  trial: Pick<StudyTrial, 'state' | 'reports' | 'value'>,
  isBest: boolean,
  { checkpoints, metric }: Pick<SweepConfig, 'checkpoints' | 'metric'>,
): readonly CheckpointRow[] {
  const keep = checkpoints?.keep ?? ['all'];
  const newest = saved.at(-1);
  if (newest === undefined || keep.includes('all')) return saved;
  const ofValue = isReported(trial, metric) ? bestOf(saved, trial.reports, metric.goal) : newest;
  const [best, latest] = [keep.includes('best'), keep.includes('latest')];
  switch (trial.state) {
    case 'running':
    case 'paused':
      return best ? [newest, ofValue] : [newest];
    case 'complete':
      return [...(latest ? [newest] : []), ...(best && isBest ? [ofValue] : [])];
    case 'pruned':
    case 'failed':
    case 'stopped':
      return [];
  }
}

/** Whether the value is, or will be, the best of the reports. */
function isReported(
  { state, reports, value }: Pick<StudyTrial, 'state' | 'reports' | 'value'>,
  { reduce, goal }: SweepConfig['metric'],
): boolean {
  if (reduce.type !== 'best' || state !== 'complete') return reduce.type === 'best';
  if (value === null) return false;
  const gain = (reported: number): number => (goal === 'maximize' ? reported - value : value - reported);
  return (
    reports.some((report) => report.value === value) && !reports.some((report) => gain(report.value) > 0)
  );
}

/** Of the step with the best report; the newest where no step that was saved was reported. */
function bestOf(
  saved: readonly CheckpointRow[],
  reports: StudyTrial['reports'],
  goal: SweepConfig['metric']['goal'],
): CheckpointRow {
  const values = new Map(reports.map(({ step, value }) => [step, goal === 'maximize' ? -value : value]));
  let best = saved.at(-1)!;
  for (const row of saved.toReversed())
    if ((values.get(row.step) ?? Infinity) < (values.get(best.step) ?? Infinity)) best = row;
  return best;
}
