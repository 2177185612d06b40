import { z } from 'zod';
import type { IssueList } from './config-error.ts';
import { about } from './schema-text.ts';
import { placeOf, type Tree } from './source-tree.ts';
import type { ConstraintConfig, MetricConfig, TerminateConfig } from './sweep-config.ts';

const DEFAULT_MIN_TRIALS = 20;

export const terminateSchema = z.strictObject({
  stagnation: z
    .number()
    .int()
    .min(1)
    .optional()
    .meta(
      about(
        'The sweep ends when so many trials in a row, complete or pruned, have brought nothing better; with several ' +
          'metrics, nothing that no other trial dominates.',
      ),
    ),
  regret: z
    .strictObject({
      min_trials: z
        .number()
        .int()
        .min(2)
        .max(1_000_000)
        .optional()
        .meta(about('Complete trials before the first look.', DEFAULT_MIN_TRIALS)),
      noise: z
        .number()
        .gt(0)
        .optional()
        .meta(
          about(
            "Standard deviation of the metric when one setting is trained again. Left out: a model's estimate from all trials.",
          ),
        ),
    })
    .optional()
    .meta(
      about(
        'The sweep ends when the best trial lies, by the confidence bounds of a Gaussian process, less than the noise above ' +
          'the best of the space (Makarova et al., 2022); `regret: {}` is enough.',
      ),
    ),
});

export function readTerminate(
  file: { readonly terminate?: z.infer<typeof terminateSchema> },
  otherMetrics: ReadonlyArray<MetricConfig | ConstraintConfig>,
  root: Tree,
  issues: IssueList,
): TerminateConfig | null {
  if (file.terminate === undefined) return null;
  const { stagnation = null, regret } = file.terminate;
  const report = (path: readonly string[], message: string): void =>
    issues.add(placeOf(root, [...path]), [...path], message);
  if (stagnation === null && regret === undefined)
    report(
      ['terminate'],
      'says nothing: expected `stagnation`, `regret` or both, such as `{stagnation: 30}`',
    );
  if (regret !== undefined && otherMetrics.some((metric) => 'goal' in metric)) {
    report(
      ['terminate', 'regret'],
      'is a bound for one metric that is optimised; `stagnation` takes several',
    );
  }
  return {
    stagnation,
    regret:
      regret === undefined
        ? null
        : { minTrials: regret.min_trials ?? DEFAULT_MIN_TRIALS, noise: regret.noise ?? null },
  };
}
