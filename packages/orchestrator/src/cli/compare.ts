import { Option } from 'commander';
import {
  type Comparison,
  compareGroups,
  configDifferences,
  type Effort,
  type ExpectedBest,
  expectBest,
  goalOf,
  hypervolumeValues,
  jsonSafe,
  objectiveNames,
  samplerKind,
  type Verdict,
} from '../analysis/index.ts';
import { TfsweepError } from '../errors.ts';
import { openStore, type Store, type SweepRow, type TrialRow } from '../store/index.ts';
import { comparisonLines } from './comparison-text.ts';
import { type AddVerb, type CommonFlags, printJson, printLine, stateDir, withExamples } from './context.ts';
import { type NamedGroup, sweepGroups } from './sweep-groups.ts';

interface CompareFlags extends CommonFlags {
  readonly by: 'trials' | 'steps' | 'epochs' | 'time';
}

const EFFORTS = {
  trials: 'trials',
  steps: 'steps',
  epochs: 'steps',
  time: 'seconds',
} as const satisfies Record<CompareFlags['by'], Effort>;

/** What sweeps are compared by: their metric, or with several objectives the hypervolume of the front. */
interface Measure {
  readonly name: string;
  readonly goal: 'minimize' | 'maximize';
  /** Of the hypervolume, one loss per objective. */
  readonly reference: readonly number[] | null;
}

/** Everything that `compare` shows. */
export interface ComparedSweeps {
  readonly groups: readonly NamedGroup[];
  readonly comparison: Comparison;
  readonly measure: Measure;
  /** By the sweep's id: its best value if it tried as many trials again. */
  readonly expected: ReadonlyMap<string, ExpectedBest>;
}

export const addCompareVerb: AddVerb = (program) => {
  const verb = program
    .command('compare')
    .description(
      'compare sweeps: their configs, their best values at equal cost, and whether the difference is real',
    )
    .argument('<sweep...>', "names or ids, each a side; 'tpe*' or a,b,c: several sweeps that make one side")
    .addOption(
      new Option('--by <effort>', 'test the difference at as many trials, steps (epochs), or as much time')
        .choices(Object.keys(EFFORTS))
        .default('trials'),
    )
    .option('--dir <folder>', 'the .tfsweep folder')
    .option('--json', 'print JSON')
    .action((names: string[], flags: CompareFlags) => {
      const store = openStore(stateDir(flags), { readonly: true });
      try {
        const compared = compareSweeps(store, sweepGroups(store, names), EFFORTS[flags.by]);
        if (flags.json) printJson(jsonSafe(comparisonJson(compared)));
        else for (const line of comparisonLines(compared)) printLine(line);
      } finally {
        store.close();
      }
    });
  withExamples(verb, [
    'tfsweep compare digits-tpe digits-random',
    "tfsweep compare 'tpe*' 'random*' --by epochs",
    'tfsweep compare tpe-1,tpe-2,tpe-3 gp-1,gp-2,gp-3 --json',
  ]);
};

function compareSweeps(store: Store, groups: readonly NamedGroup[], by: Effort): ComparedSweeps {
  const sweeps = groups.flatMap((group) => group.sweeps);
  checkMetrics(sweeps);
  const { config } = sweeps[0]!;
  const stored = sweeps.map(({ id }) => store.trials(id));
  for (const [index, sweep] of sweeps.entries()) checkTrials(sweep, stored[index]!);
  const hasFront = objectiveNames(config).length > 1;
  const { reference, sweeps: measured } = hasFront
    ? hypervolumeValues(config, stored)
    : { reference: null, sweeps: stored };
  const trials = new Map(sweeps.map(({ id }, index) => [id, measured[index]!]));
  const measure: Measure = hasFront
    ? { name: 'hypervolume', goal: 'maximize', reference }
    : { name: config.metric.name, goal: config.metric.goal, reference };
  const comparison = compareGroups(
    groups.map(({ label, sweeps }) => ({
      label,
      sweeps: sweeps.map(({ id, name, config }) => ({ name, seed: config.seed, trials: trials.get(id)! })),
    })),
    { goal: measure.goal, by, areTrialsApart: !hasFront },
  );
  const expected = new Map(sweeps.map((sweep) => [sweep.id, expectedOf(sweep, trials.get(sweep.id)!)]));
  return { groups, comparison, measure, expected };
}

function expectedOf({ config }: SweepRow, trials: readonly TrialRow[]): ExpectedBest {
  if (objectiveNames(config).length > 1)
    return { kind: 'unknown', reason: 'a front of several objectives has no single best' };
  const ended = trials.filter(
    ({ state }) => state === 'complete' || state === 'pruned' || state === 'failed',
  );
  return expectBest(trials, {
    goal: config.metric.goal,
    more: ended.length,
    sampler: samplerKind(config.method, config.sampler.type),
    seed: config.seed,
  });
}

function checkMetrics(sweeps: readonly SweepRow[]): void {
  const [first, ...others] = sweeps;
  const wanted = goalsOf(first!);
  const odd = others.find((sweep) => goalsOf(sweep) !== wanted);
  if (odd === undefined) return;
  throw new TfsweepError(
    'OTHER_METRIC',
    `${first!.name} wants to ${wanted}, ${odd.name} to ${goalsOf(odd)}: their best values cannot be compared.`,
    { exitCode: 2 },
  );
}

/** `maximize accuracy and minimize latency`. */
function goalsOf({ config }: SweepRow): string {
  return objectiveNames(config)
    .map((name) => `${goalOf(config, name)} ${name}`)
    .join(' and ');
}

function checkTrials({ name }: SweepRow, trials: readonly TrialRow[]): void {
  if (trials.some(({ state, value }) => state === 'complete' && value !== null)) return;
  throw new TfsweepError(
    'TOO_FEW_TRIALS',
    `Sweep ${name} has no complete trial yet; compare needs at least 1 of each sweep, and 6 or more to say much.`,
  );
}

function comparisonJson({ groups, comparison, measure, expected }: ComparedSweeps): unknown {
  const sweeps = groups.flatMap((group) => group.sweeps);
  return {
    metric: measure.name,
    goal: measure.goal,
    reference: measure.reference,
    groups: comparison.groups,
    differences: configDifferences(sweeps.map(({ config }) => config)).map(({ path, values }) => ({
      path,
      values: Object.fromEntries(sweeps.map(({ name }, index) => [name, values[index]])),
    })),
    best_so_far: comparison.budgets,
    by: comparison.by,
    verdicts: comparison.verdicts.map(verdictJson),
    expected_best: Object.fromEntries(sweeps.map(({ id, name }) => [name, expected.get(id)])),
  };
}

function verdictJson(verdict: Verdict): unknown {
  if (!('p' in verdict)) {
    if (verdict.kind !== 'single-runs' || verdict.halves === null) return verdict;
    const { firstIsBetter, ...rest } = verdict.halves;
    return { ...verdict, halves: { ...rest, first_is_better: firstIsBetter } };
  }
  const { adjustedP, meanP, adjustedMeanP, leastP, ...rest } = verdict;
  return { ...rest, adjusted_p: adjustedP, mean_p: meanP, adjusted_mean_p: adjustedMeanP, least_p: leastP };
}
