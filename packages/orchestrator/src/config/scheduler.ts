import type { IssueList, Path } from './config-error.ts';
import type { OuterFile } from './file-schema.ts';
import { didYouMean } from './nearest.ts';
import type { InnerSchedulerFile } from './scheduler-schema.ts';
import { descend, placeOf, type Tree, toPlain } from './source-tree.ts';
import type { SchedulerConfig } from './sweep-config.ts';
import { longestTrial, type Training } from './training.ts';

const DEFAULT_ETA = 3;
const DEFAULT_STARTUP_TRIALS = 5;
const DEFAULT_P_THRESHOLD = 0.1;
const DEFAULT_STARTUP_STEPS = 2;

/** @param objectives names of the metrics that are optimised; null: they could not be read. */
export function readScheduler(
  file: OuterFile,
  training: Training,
  objectives: readonly string[] | null,
  root: Tree,
  issues: IssueList,
  warnings: string[],
): SchedulerConfig | null {
  const raw = file.early_terminate;
  if (raw === undefined) return null;
  const longest = longestTrial(training);
  const least = training.fidelity?.min ?? 1;
  const reader = new SchedulerReader({ longest, least, root, issues, warnings }, ['early_terminate']);
  const config = reader.read(raw);
  if (isPromotion(config)) checkPromotion(file, longest, root, issues);
  const metric = raw.metric?.replace(/^(val_)?acc$/, '$1accuracy');
  if (metric === undefined || objectives === null) return config;
  if (!objectives.includes(metric)) {
    const path = ['early_terminate', 'metric'];
    const hint = didYouMean(metric, objectives) || `; there ${list(objectives)}`;
    issues.add(placeOf(root, path), path, `no metric that is optimised is called \`${metric}\`${hint}`);
  }
  return metric === objectives[0] ? config : { ...config, metric };
}

function list(names: readonly string[]): string {
  return `${names.length === 1 ? 'is' : 'are'} ${names.map((name) => `\`${name}\``).join(', ')}`;
}

function isPromotion(config: SchedulerConfig): boolean {
  return config.type === 'asha' && config.mode === 'promotion';
}

function checkPromotion(file: OuterFile, longest: number | null, root: Tree, issues: IssueList): void {
  const path = ['early_terminate', 'mode'];
  const report = (message: string): void => issues.add(placeOf(root, path), path, message);
  if (file.checkpoints === undefined)
    report('a trial that is promoted goes on from its checkpoint: add `checkpoints: {every: 1}`');
  if (longest === null)
    report('a trial pauses before its end, which nobody says: add `fidelity: {unit: steps, max: 27}`');
  if (file.reproducible !== undefined && file.reproducible !== false)
    report('which trials are promoted follows from timing: leave out `reproducible`, or let asha stop');
}

interface Surroundings {
  /** Steps of a whole trial; null: unknown. */
  readonly longest: number | null;
  /** The least that a trial trains. */
  readonly least: number;
  readonly root: Tree;
  readonly issues: IssueList;
  readonly warnings: string[];
}

type Of<Type extends InnerSchedulerFile['type']> = Extract<InnerSchedulerFile, { type: Type }>;

/** Checks what stands at one path and fills in the defaults. */
class SchedulerReader {
  readonly #around: Surroundings;
  readonly #path: Path;

  constructor(around: Surroundings, path: Path) {
    this.#around = around;
    this.#path = path;
  }

  read(raw: InnerSchedulerFile): SchedulerConfig {
    switch (raw.type) {
      case 'asha':
        return {
          type: 'asha',
          ...this.#rungs(raw, null),
          ...(raw.mode === 'promotion' ? { mode: raw.mode } : {}),
        };
      case 'hyperband':
        return this.#hyperband(raw);
      case 'median':
        return { type: 'median', ...this.#starts(raw) };
      case 'percentile':
        return {
          type: 'percentile',
          percentile: raw.percentile,
          ...this.#starts(raw),
          intervalSteps: raw.interval_steps ?? 1,
          minTrials: raw.min_trials ?? 1,
        };
      case 'threshold':
        return this.#threshold(raw);
      case 'wilcoxon':
        return {
          type: 'wilcoxon',
          pThreshold: raw.p_threshold ?? DEFAULT_P_THRESHOLD,
          startupSteps: raw.startup_steps ?? DEFAULT_STARTUP_STEPS,
        };
      case 'patience':
        return this.#patience(raw);
    }
  }

  #hyperband(raw: Of<'hyperband'>): SchedulerConfig {
    if (raw.brackets !== true) {
      const first = raw.s === undefined ? null : this.#firstBracket(raw, raw.s);
      return {
        type: 'hyperband',
        ...this.#rungs(raw, first),
        s: raw.s ?? null,
        strict: raw.strict ?? false,
      };
    }
    if (raw.s !== undefined)
      this.#report(
        's',
        "`s` is W&B's; with `brackets: true` their number follows from min_iter, max_iter and eta",
      );
    if (raw.strict === true)
      this.#report(
        'strict',
        "`strict` is W&B's; with `brackets: true` a trial is judged when it crosses a rung",
      );
    const rungs = this.#rungs(raw, null);
    if (rungs.maxIter === null)
      this.#report('brackets', 'brackets end where a trial does; give `max_iter`, or `fidelity`');
    return { type: 'hyperband', ...rungs, s: null, strict: false, brackets: true };
  }

  #rungs(
    raw: Of<'asha'> | Of<'hyperband'>,
    first: number | null,
  ): { minIter: number; maxIter: number | null; eta: number } {
    const { longest, least } = this.#around;
    const maxIter = raw.max_iter ?? longest;
    if (raw.max_iter !== undefined && longest !== null && raw.max_iter > longest) {
      this.#report('max_iter', `a trial trains ${longest} steps; \`max_iter\` is ${raw.max_iter}`);
    }
    const minIter = raw.min_iter ?? first ?? least;
    if (maxIter !== null && minIter > maxIter) {
      this.#report('min_iter', `the first rung is at step ${minIter}, beyond the last one, ${maxIter}`);
    } else {
      this.#checkReach('min_iter', minIter);
    }
    return { minIter, maxIter, eta: raw.eta ?? DEFAULT_ETA };
  }

  /** W&B: `s` brackets end at max_iter, each `eta` times shorter than the next. */
  #firstBracket(raw: Of<'hyperband'>, s: number): number | null {
    const maxIter = raw.max_iter ?? this.#around.longest;
    const eta = raw.eta ?? DEFAULT_ETA;
    if (maxIter === null) {
      this.#report('s', '`s` counts brackets down from `max_iter`; give `max_iter`, or `fidelity`');
      return null;
    }
    const first = Math.floor(maxIter / eta ** s);
    if (first >= 1) return first;
    this.#report(
      's',
      `${s} brackets do not fit: max_iter / eta^s = ${maxIter} / ${eta}^${s} is less than one step`,
    );
    return null;
  }

  #starts(raw: Of<'median'> | Of<'percentile'>): { startupTrials: number; warmupSteps: number } {
    return {
      startupTrials: raw.startup_trials ?? DEFAULT_STARTUP_TRIALS,
      warmupSteps: this.#warmup(raw.warmup_steps),
    };
  }

  #warmup(stated: number | undefined): number {
    const warmupSteps = stated ?? this.#around.least;
    this.#checkReach('warmup_steps', Math.max(1, warmupSteps));
    return warmupSteps;
  }

  #threshold(raw: Of<'threshold'>): SchedulerConfig {
    const { lower = null, upper = null } = raw;
    if (lower === null && upper === null) {
      this.#report(null, '`type: threshold` needs a bound: `lower`, `upper` or both');
    } else if (lower !== null && upper !== null && lower > upper) {
      this.#report('lower', `\`lower\` is ${lower}, more than \`upper\`, ${upper}`);
    }
    const warmupSteps = this.#warmup(raw.warmup_steps);
    return { type: 'threshold', lower, upper, warmupSteps, intervalSteps: raw.interval_steps ?? 1 };
  }

  #patience(raw: Of<'patience'>): SchedulerConfig {
    // The first report improves on nothing and is none of those that did not.
    this.#checkReach('patience', raw.patience + 1);
    const inner = new SchedulerReader(this.#around, [...this.#path, 'wraps']);
    const wraps = raw.wraps === undefined ? null : inner.read(raw.wraps);
    if (wraps !== null && isPromotion(wraps))
      inner.#report('mode', 'patience stops trials, and `promotion` stops none: leave `mode` out');
    return { type: 'patience', patience: raw.patience, minDelta: raw.min_delta ?? 0, wraps };
  }

  #checkReach(key: string, firstStop: number): void {
    const { longest, root, warnings } = this.#around;
    if (longest === null || firstStop < longest) return;
    const stated = descend(root, [...this.#path, key]);
    if (stated !== undefined && firstStop > longest) {
      this.#report(
        key,
        `a trial trains ${longest} steps; with ${String(toPlain(stated))} here none can be stopped early`,
      );
    } else {
      warnings.push(
        `early_terminate: a trial trains ${longest} step${longest === 1 ? '' : 's'}, so none can be stopped early`,
      );
    }
  }

  #report(key: string | null, message: string): void {
    const path = key === null ? this.#path : [...this.#path, key];
    this.#around.issues.add(placeOf(this.#around.root, path), path, message);
  }
}
