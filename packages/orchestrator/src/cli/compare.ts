import { Option } from 'commander';
import {
  type Comparison,
  compareGroups,
  configDifferences,
  type Effort,
  type ExpectedBest,
  expectBest,
  jsonSafe,
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

/** Everything that `compare` shows. */
export interface ComparedSweeps {
  readonly groups: readonly NamedGroup[];
  readonly comparison: Comparison;
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
  const trials = new Map(sweeps.map(({ id }) => [id, store.trials(id)]));
  for (const sweep of sweeps) checkTrials(sweep, trials.get(sweep.id)!);
  const { goal } = sweeps[0]!.config.metric;
  const comparison = compareGroups(
    groups.map(({ label, sweeps }) => ({
      label,
      sweeps: sweeps.map(({ id, name, config }) => ({ name, seed: config.seed, trials: trials.get(id)! })),
    })),
    { goal, by },
  );
  const expected = new Map(sweeps.map((sweep) => [sweep.id, expectedOf(sweep, trials.get(sweep.id)!)]));
  return { groups, comparison, expected };
}

function expectedOf({ config }: SweepRow, trials: readonly TrialRow[]): ExpectedBest {
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
  const { name, goal } = first!.config.metric;
  const odd = others.find(({ config }) => config.metric.name !== name || config.metric.goal !== goal);
  if (odd === undefined) return;
  const { metric } = odd.config;
  throw new TfsweepError(
    'OTHER_METRIC',
    `${first!.name} wants to ${goal} ${name}, ${odd.name} to ${metric.goal} ${metric.name}: their best values cannot be compared.`,
    { exitCode: 2 },
  );
}

function checkTrials({ name }: SweepRow, trials: readonly TrialRow[]): void {
  if (trials.some(({ state, value }) => state === 'complete' && value !== null)) return;
  throw new TfsweepError(
    'TOO_FEW_TRIALS',
    `Sweep ${name} has no complete trial yet; compare needs at least 1 of each sweep, and 6 or more to say much.`,
  );
}

function comparisonJson({ groups, comparison, expected }: ComparedSweeps): unknown {
  const sweeps = groups.flatMap((group) => group.sweeps);
  const { metric } = sweeps[0]!.config;
  return {
    metric: metric.name,
    goal: metric.goal,
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
  const { adjustedP, leastP, ...rest } = verdict;
  return { ...rest, adjusted_p: adjustedP, least_p: leastP };
}
