import { performance } from 'node:perf_hooks';
import { jsonSafe } from '../analysis/index.ts';
import { loadConfig, type SweepConfig } from '../config/index.ts';
import type { Problem } from '../problems/index.ts';
import { planStudy, type SimulatedSweep, simulateSweep, type TimeModel } from '../simulation/index.ts';
import { studyOptions } from '../study/index.ts';
import { type AddVerb, type CommonFlags, note, printJson, printLine, withExamples } from './context.ts';
import { builtInProblems, findProblem } from './find-problem.ts';
import { collect } from './run-flags.ts';
import { samplerPlugin } from './sampler-plugin.ts';
import { readFleets, readSeconds, readShare, readWhole } from './simulate-flags.ts';
import { simulationLines } from './simulation-lines.ts';

interface SimulateFlags extends CommonFlags {
  readonly problem: string;
  readonly workers: readonly number[];
  readonly trials?: number;
  readonly seeds: number;
  readonly stepTime?: number;
  readonly startTime: number;
  readonly timeSpread: number;
  readonly set: string[];
}

/** A sweep that gives no run cap ends somewhere all the same. */
const DEFAULT_TRIALS = 100;

/** `tfsweep simulate CONFIG --problem P`: the search of a sweep on virtual workers, before any GPU is paid for. */
export const addSimulateVerb: AddVerb = (program) => {
  const command = program
    .command('simulate')
    .description(
      'replay a problem on virtual workers in virtual time, to choose sampler, scheduler and fleet',
    )
    .argument('<config>', 'the sweep file; nothing of it is trained, and `trainer` may be missing')
    .requiredOption('--problem <name>', 'a built-in problem, or a file of the format hpo-ref/1')
    .option('--workers <n,…>', 'trials at a time; several numbers compare fleets', readFleets, [8])
    .option('--trials <n>', "instead of the config's run_cap", readWhole('--trials', 1))
    .option('--seeds <n>', "repeat with this many seeds, from the config's on", readWhole('--seeds', 1), 1)
    .option(
      '--step-time <duration>',
      'mean time of a step (default: as measured, else 60s)',
      readSeconds('--step-time'),
    )
    .option('--start-time <duration>', 'of each trial before its first step', readSeconds('--start-time'), 0)
    .option('--time-spread <share>', 'how much the times of trials differ by luck', readShare, 0.1)
    .option('--set <key=value>', 'change a key of the sweep file; may be repeated', collect, [])
    .option('--json', 'print everything as one JSON document')
    .action((path: string, flags: SimulateFlags) => simulateVerb(path, flags));
  command.addHelpText('after', () => `\nBuilt-in problems: ${builtInProblems().join(', ')}`);
  withExamples(command, [
    'tfsweep simulate configs/simulate.yaml --problem digits_mlp --workers 1,8,64',
    'tfsweep simulate sweep.yaml --problem digits_mlp --workers 16 --set sampler.type=random --seeds 5',
    'tfsweep simulate sweep.yaml --problem levy8 --trials 200 --step-time 10m --json',
  ]);
};

async function simulateVerb(path: string, flags: SimulateFlags): Promise<void> {
  const { config, configDir, warnings } = loadConfig(path, { set: flags.set, trainerOptional: true });
  for (const warning of warnings) note(warning);
  const problem = findProblem(flags.problem);
  const runCap = flags.trials ?? config.runCap ?? (config.method === 'grid' ? null : DEFAULT_TRIALS);
  const plugin = await samplerPlugin(config, configDir);
  const { study, notes } = planStudy({ ...studyOptions(config), samplerPlugin: plugin, runCap }, problem);
  for (const line of notes) note(line);
  if (config.warmStart.sweeps.length > 0) note('`warm_start.sweeps` are results of real sweeps: left out.');
  const time: TimeModel = {
    stepSeconds: flags.stepTime ?? null,
    startSeconds: flags.startTime,
    spread: flags.timeSpread,
  };
  const fleets = flags.workers.map((workers) => Math.min(workers, config.resources.maxConcurrent ?? workers));
  if (fleets.some((workers, i) => workers < flags.workers[i]!))
    note('`resources.max_concurrent` is smaller than the fleet: so many trials run at a time.');
  const seeds = Array.from({ length: flags.seeds }, (_, k) => (config.seed + k) % 2 ** 32);
  const { wallclockMs } = config.budget;
  const started = performance.now();
  const progress = new Progress(fleets.length * seeds.length, runCap);
  const runs = fleets.flatMap((workers) =>
    seeds.map((seed) => {
      progress.begin(workers, seed);
      return simulateSweep({
        problem,
        study: { ...study, seed },
        workers,
        time,
        target: config.metric.target,
        maxSeconds: wallclockMs === null ? null : wallclockMs / 1000,
        onTrial: () => progress.trial(),
      });
    }),
  );
  const wallSeconds = (performance.now() - started) / 1000;
  if (flags.json) printJson(jsonSafe(simulationJson(config, problem, runs, wallSeconds)));
  else for (const line of simulationLines(config, problem, runs, wallSeconds)) printLine(line);
}

const PROGRESS_MS = 5_000;

/** A line on standard error every few seconds: a model that takes its time may be asked thousands of times. */
class Progress {
  readonly #simulations: number;
  readonly #trials: number | null;
  #number = 0;
  #what = '';
  #ended = 0;
  #said = performance.now();

  constructor(simulations: number, trials: number | null) {
    this.#simulations = simulations;
    this.#trials = trials;
  }

  begin(workers: number, seed: number): void {
    this.#number++;
    this.#ended = 0;
    this.#what = `${workers} workers, seed ${seed}`;
  }

  trial(): void {
    this.#ended++;
    const now = performance.now();
    if (now - this.#said < PROGRESS_MS) return;
    this.#said = now;
    const of = this.#trials === null ? '' : ` of ${this.#trials}`;
    note(
      `simulation ${this.#number} of ${this.#simulations} (${this.#what}): ${this.#ended}${of} trials are over`,
    );
  }
}

function simulationJson(
  config: SweepConfig,
  problem: Problem,
  runs: readonly SimulatedSweep[],
  wallSeconds: number,
): unknown {
  return {
    sweep: config.name,
    problem: problem.name,
    optimum: problem.optimum.value,
    sampler: config.sampler.type,
    scheduler: config.earlyTerminate?.type ?? null,
    runs: runs.map((run) => ({
      workers: run.workers,
      seed: run.seed,
      trials: run.counts,
      virtual_s: run.seconds,
      utilisation: run.utilisation,
      steps: run.steps,
      full_steps: run.fullSteps,
      best: run.best,
      curve: run.curve.map(({ seconds, steps, number, value }) => ({ seconds, steps, number, value })),
    })),
    wall_s: wallSeconds,
  };
}
