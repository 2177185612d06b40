import { significant } from '../analysis/index.ts';
import type { SweepConfig } from '../config/index.ts';
import { median, type Problem } from '../problems/index.ts';
import type { SimulatedSweep } from '../simulation/index.ts';
import { paint } from './context.ts';
import { durationText } from './duration-text.ts';
import { paramText } from './leaderboard.ts';
import { renderTable } from './table.ts';

type Goal = SweepConfig['metric']['goal'];

/** Shares of a search's time at which its best value is shown. */
const SHARES = [0.1, 0.25, 0.5, 1];

/** What `tfsweep simulate` shows: a row per fleet, medians over the seeds. */
export function simulationLines(
  { name, sampler, earlyTerminate, metric }: SweepConfig,
  problem: Problem,
  runs: readonly SimulatedSweep[],
  wallSeconds: number,
): string[] {
  const fleets = [...new Set(runs.map(({ workers }) => workers))].map((workers) =>
    runs.filter((run) => run.workers === workers),
  );
  const scheduler = earlyTerminate === null ? '' : ` and ${earlyTerminate.type}`;
  const seeds = fleets[0]!.length;
  const better = metric.goal === 'maximize' ? 'highest' : 'lowest';
  const best = bestRun(runs, metric.goal);
  return [
    `${paint('bold', name)} on ${problem.name}: ${sampler.type}${scheduler}, ${seeds === 1 ? 'one seed' : `medians of ${seeds} seeds`}. The ${better} ${metric.name} so far after a share of the time:`,
    '',
    ...renderTable(
      COLUMNS,
      fleets.map((fleet) => fleetRow(fleet, metric.goal)),
    ),
    '',
    ...(best === null ? ['No trial completed.'] : bestLines(best, problem, metric)),
    `${runs.length} simulation${runs.length === 1 ? '' : 's'} in ${wallSeconds.toFixed(1)} s of real time.`,
  ];
}

const COLUMNS = [
  'workers',
  ...SHARES.map((share) => `${100 * share} %`),
  ...['time', 'busy', 'complete', 'pruned', 'steps', 'saved'],
].map((title) => ({ title, align: 'right' as const }));

function fleetRow(fleet: readonly SimulatedSweep[], goal: Goal): string[] {
  const middle = (of: (run: SimulatedSweep) => number): number => median(fleet.map(of));
  const steps = middle((run) => run.steps);
  const full = middle((run) => run.fullSteps);
  return [
    String(fleet[0]!.workers),
    ...SHARES.map((share) => valueText(median(fleet.map((run) => bestAt(run, share * run.seconds, goal))))),
    timeText(middle((run) => run.seconds)),
    `${Math.round(100 * middle((run) => run.utilisation))} %`,
    String(middle(({ counts }) => counts.complete)),
    String(middle(({ counts }) => counts.pruned)),
    full === 0 ? '–' : String(steps),
    full === 0 ? '–' : `${Math.round(100 * (1 - steps / full))} %`,
  ];
}

/** The reference problems were measured in fractions of seconds. */
function timeText(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : durationText(seconds);
}

/** The worst there is where no trial was complete by then. */
function bestAt({ curve }: SimulatedSweep, seconds: number, goal: Goal): number {
  const nothing = goal === 'maximize' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return curve.findLast((point) => point.seconds <= seconds)?.value ?? nothing;
}

function valueText(value: number): string {
  return Number.isFinite(value) ? significant(value) : '–';
}

function bestRun(runs: readonly SimulatedSweep[], goal: Goal): SimulatedSweep['best'] {
  const sign = goal === 'maximize' ? -1 : 1;
  const found = runs.map(({ best }) => best).filter((best) => best !== null);
  return found.sort((a, b) => sign * (a.value - b.value))[0] ?? null;
}

function bestLines(
  best: NonNullable<SimulatedSweep['best']>,
  { optimum }: Problem,
  metric: SweepConfig['metric'],
): string[] {
  const params = Object.entries(best.params).map(([name, value]) => `${name} ${paramText(value)}`);
  const known = metric.goal === 'maximize' ? -optimum.value : optimum.value;
  return [
    `The best of all is ${metric.name} ${significant(best.value)} (known to be possible: ${significant(known)}):`,
    `  ${params.join(', ')}`,
  ];
}
