import type { Problem } from '../problems/problem.ts';
import type { Params } from '../space/types.ts';
import { createPureStudy } from '../study/study.ts';
import type { StudyOptions } from '../study/types.ts';
import { type EndedTrial, simulate, type VirtualTrial } from './simulate.ts';
import { type TimeModel, trainingTime } from './training-time.ts';

export interface SweepSimulation {
  readonly problem: Problem;
  /** Its seed decides the times as well. */
  readonly study: StudyOptions;
  readonly workers: number;
  readonly time: TimeModel;
  /** Of the metric, in its own sign: a complete trial that reaches it ends the simulation. */
  readonly target: number | null;
  /** Virtual seconds after which it ends; null: at the run cap alone. */
  readonly maxSeconds: number | null;
  /** Called after each trial, so that somebody can be told how far it is. */
  readonly onTrial?: (ended: EndedTrial) => void;
}

export interface SimulatedSweep {
  readonly workers: number;
  readonly seed: number;
  readonly counts: Readonly<Record<EndedTrial['state'], number>>;
  /** Virtual seconds from the first ask to the last end. */
  readonly seconds: number;
  /** Share of the workers' time in which they trained, 0..1. */
  readonly utilisation: number;
  /** Steps that were trained, and what the same trials would have taken had none been stopped or left waiting. */
  readonly steps: number;
  readonly fullSteps: number;
  readonly best: SimulatedBest | null;
  /** Each time a trial completed that was better than all before. */
  readonly curve: readonly SimulatedBest[];
}

export interface SimulatedBest {
  readonly number: number;
  readonly value: number;
  readonly params: Params;
  /** When it was known: virtual seconds, and steps of all trials together. */
  readonly seconds: number;
  readonly steps: number;
}

/**
 * Replays a problem as a sweep would train it. What a metric that is maximised shows is the problem's value with its
 * sign turned.
 * @throws what `createPureStudy` throws for options that make no sense, ProblemError for a point that can't be evaluated.
 */
export function simulateSweep(options: SweepSimulation): SimulatedSweep {
  const { problem, study: given, workers, target, maxSeconds } = options;
  const sign = given.metric.goal === 'maximize' ? -1 : 1;
  const lastStep = lastStepOf(problem, given.maxStep);
  const study = createPureStudy({ ...given, maxStep: lastStep });
  const secondsPerStep = trainingTime(problem, options.time, given.seed);
  const play = (params: Params, number: number): VirtualTrial => {
    const { startSeconds } = options.time;
    const perStep = secondsPerStep(params, number);
    const curve = problem.curve(params);
    if (problem.steps === null)
      return { reports: [], value: sign * curve[0]!, seconds: startSeconds + perStep, startSeconds };
    const reports = problem.steps
      .map((step, k) => ({ at: startSeconds + step * perStep, step, value: sign * curve[k]! }))
      .filter(({ step }) => step <= lastStep);
    return { reports, seconds: reports.at(-1)!.at, startSeconds };
  };
  const { trials, seconds, busySeconds } = simulate({
    study,
    workers,
    play,
    maxSeconds: maxSeconds ?? Number.POSITIVE_INFINITY,
    isEnough: (ended) => {
      options.onTrial?.(ended);
      return target !== null && ended.value !== null && sign * ended.value <= sign * target;
    },
  });
  const curve = improvements(trials, sign);
  return {
    workers,
    seed: given.seed,
    counts: countStates(trials),
    seconds,
    utilisation: seconds === 0 ? 1 : busySeconds / (seconds * workers),
    steps: trials.at(-1)?.stepsOfAll ?? 0,
    fullSteps: problem.steps === null ? 0 : trials.length * lastStep,
    best: curve.at(-1) ?? null,
    curve,
  };
}

/** The last step that a trial may train to: the problem's own, or the sweep's where that comes earlier. */
function lastStepOf({ steps }: Problem, maxStep: number | null): number {
  if (steps === null) return maxStep ?? 1;
  const last = steps.at(-1)!;
  const allowed = steps.filter((step) => step <= (maxStep ?? last));
  return allowed.at(-1) ?? steps[0]!;
}

function improvements(trials: readonly EndedTrial[], sign: 1 | -1): SimulatedBest[] {
  const curve: SimulatedBest[] = [];
  let best = Number.POSITIVE_INFINITY;
  for (const { number, value, params, endedAt, stepsOfAll } of trials) {
    if (value === null || !(sign * value < best)) continue;
    best = sign * value;
    curve.push({ number, value, params, seconds: endedAt, steps: stepsOfAll });
  }
  return curve;
}

function countStates(trials: readonly EndedTrial[]): Record<EndedTrial['state'], number> {
  const counts = { complete: 0, pruned: 0, failed: 0, stopped: 0 };
  for (const { state } of trials) counts[state]++;
  return counts;
}
