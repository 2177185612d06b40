import type { Params } from '../space/types.ts';
import type { Study, StudyTrial } from '../study/types.ts';
import { EventQueue } from './event-queue.ts';

/** What one trial will do, known beforehand because it is only replayed. */
export interface VirtualTrial {
  /** What it reports, by ascending time. Empty: it reports nothing and only ends with its value. */
  readonly reports: readonly VirtualReport[];
  /** Virtual seconds from start to end, where nothing stops it. At least 0, and no report comes later. */
  readonly seconds: number;
  /** Of the metric, in its own sign. Undefined: what the reports come to; null: the trial fails. */
  readonly value?: number | null;
}

export interface VirtualReport {
  /** Virtual seconds since the trial began. */
  readonly at: number;
  /** Finished units, from 1. */
  readonly step: number;
  readonly value: number;
}

export interface SimulationOptions {
  readonly study: Pick<Study, 'ask' | 'waitsFor' | 'report' | 'tell'>;
  /** Trials at a time, 1..n. */
  readonly workers: number;
  /** Trials in all; null: until the study has nothing left to try. */
  readonly trials: number | null;
  /** Ends the simulation: what runs then is stopped. @default no end */
  readonly maxSeconds?: number;
  /** Ends it after a trial, too: a target is reached. @default never */
  readonly isEnough?: (ended: EndedTrial) => boolean;
  play(params: Params, number: number): VirtualTrial;
}

/** A trial that is over, in virtual time. */
export interface EndedTrial {
  readonly number: number;
  readonly params: Params;
  readonly state: Exclude<StudyTrial['state'], 'running'>;
  /** null unless complete. */
  readonly value: number | null;
  /** Virtual seconds since the simulation began. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The last reported step; 0 without reports. */
  readonly steps: number;
}

export interface SimulationResult {
  /** In the order in which they ended. */
  readonly trials: readonly EndedTrial[];
  /** Virtual seconds until the last trial ended. */
  readonly seconds: number;
  /** Virtual seconds in which workers trained, summed over the workers. */
  readonly busySeconds: number;
}

interface Running {
  readonly number: number;
  readonly params: Params;
  readonly startedAt: number;
  readonly plan: VirtualTrial;
  /** How many of the plan's reports have happened. */
  reported: number;
}

/**
 * Runs a study on virtual workers in virtual time: a free worker asks at once, reports and ends happen in the order of
 * their times, and a stop takes effect at the report that brings it. Nothing here waits, so hundreds of workers take as
 * long as the study itself needs to decide.
 */
export function simulate(options: SimulationOptions): SimulationResult {
  const { study, workers, trials: limit, maxSeconds = Number.POSITIVE_INFINITY, isEnough } = options;
  const queue = new EventQueue<Running>();
  const ended: EndedTrial[] = [];
  let asked = 0;
  let busySeconds = 0;
  let now = 0;
  let isOver = false;
  let running = 0;

  const schedule = (trial: Running): void => {
    const next = trial.plan.reports[trial.reported];
    queue.add(trial.startedAt + (next === undefined ? trial.plan.seconds : next.at), trial);
  };

  const start = (): boolean => {
    if (isOver || (limit !== null && asked >= limit)) return false;
    // In ordered mode a slot stays empty until the trial that is waited for has ended.
    if (study.waitsFor() !== null) return false;
    const trial = study.ask();
    if (trial === null) return false;
    asked++;
    const { number, params } = trial;
    schedule({ number, params, startedAt: now, plan: options.play(params, number), reported: 0 });
    return true;
  };

  const end = (trial: Running, state: EndedTrial['state'], value: number | null): void => {
    const { number, params, startedAt, plan, reported } = trial;
    running--;
    busySeconds += now - startedAt;
    const steps = plan.reports[reported - 1]?.step ?? 0;
    const over = { number, params, state, value, startedAt, endedAt: now, steps };
    ended.push(over);
    if (isEnough?.(over)) isOver = true;
  };

  const finish = (trial: Running): void => {
    const { number, plan } = trial;
    if (plan.value === null) {
      study.tell(number, { state: 'failed' });
      end(trial, 'failed', null);
      return;
    }
    const { value } = study.tell(number, { state: 'complete', value: plan.value });
    end(trial, value === null ? 'failed' : 'complete', value);
  };

  const advance = (trial: Running): void => {
    const report = trial.plan.reports[trial.reported];
    if (report === undefined) {
      finish(trial);
      return;
    }
    trial.reported++;
    const { stop } = study.report(trial.number, report.step, report.value);
    const isLast = trial.reported === trial.plan.reports.length && report.at === trial.plan.seconds;
    // Whoever reports the last step is done before a stop can reach it.
    if (isLast) finish(trial);
    else if (stop === null) schedule(trial);
    else {
      study.tell(trial.number, { state: 'pruned' });
      end(trial, 'pruned', null);
    }
  };

  const fill = (): void => {
    while (running < workers && start()) running++;
  };

  fill();
  for (let next = queue.next(); next !== null; next = queue.next()) {
    if (!isOver && next.time > maxSeconds) {
      isOver = true;
      now = maxSeconds;
    }
    if (isOver) {
      study.tell(next.event.number, { state: 'stopped' });
      end(next.event, 'stopped', null);
      continue;
    }
    now = next.time;
    advance(next.event);
    fill();
  }
  return { trials: ended, seconds: now, busySeconds };
}
