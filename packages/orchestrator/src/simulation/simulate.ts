import type { Params } from '../space/types.ts';
import type { AskedTrial, Study, StudyTrial } from '../study/types.ts';
import { EventQueue } from './event-queue.ts';

/** What one trial will do, known beforehand because it is only replayed. */
export interface VirtualTrial {
  /** What it reports, by ascending time. Empty: it reports nothing and only ends with its value. */
  readonly reports: readonly VirtualReport[];
  /** Virtual seconds from start to end, where nothing stops it. At least 0, and no report comes later. */
  readonly seconds: number;
  /** Of the metric, in its own sign. Undefined: what the reports come to; null: the trial fails. */
  readonly value?: number | null;
  /** The part of `seconds` before the first step, which a paused trial needs again when it goes on. @default 0 */
  readonly startSeconds?: number;
}

export interface VirtualReport {
  /** Virtual seconds since the trial began. */
  readonly at: number;
  /** Finished units, from 1. */
  readonly step: number;
  readonly value: number;
}

export interface SimulationOptions {
  /** Its run cap ends the simulation. */
  readonly study: Pick<Study, 'ask' | 'waitsFor' | 'report' | 'isAtPause' | 'pause' | 'tell' | 'enough'>;
  /** Trials at a time, 1..n. */
  readonly workers: number;
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
  readonly state: Exclude<StudyTrial['state'], 'running' | 'paused'>;
  /** null unless complete. */
  readonly value: number | null;
  /** Virtual seconds since the simulation began. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The last reported step; 0 without reports. */
  readonly steps: number;
  /** Steps of all trials together until now. */
  readonly stepsOfAll: number;
}

export interface SimulationResult {
  /** In the order in which they ended. */
  readonly trials: readonly EndedTrial[];
  /** Virtual seconds until the last trial ended. */
  readonly seconds: number;
  /** Virtual seconds in which workers trained, summed over the workers. */
  readonly busySeconds: number;
}

/** @throws what the study throws on a misuse; the simulation itself knows no errors. */
export function simulate(options: SimulationOptions): SimulationResult {
  return new Simulation(options).run();
}

interface OpenTrial {
  readonly number: number;
  readonly params: Params;
  readonly startedAt: number;
  readonly plan: VirtualTrial;
  /** The time that the plan's times count from: later than the start, once it has paused. */
  origin: number;
  /** When it took the worker that it has now. */
  busySince: number;
  /** How many of the plan's reports have happened. */
  reported: number;
}

/**
 * A study on virtual workers in virtual time: a free worker asks at once, reports and ends happen in the order of their
 * times, and a stop takes effect at the report that brings it. Nothing here waits, so hundreds of workers take as long
 * as the study itself needs to decide.
 */
class Simulation {
  readonly #options: SimulationOptions;
  readonly #queue = new EventQueue<OpenTrial>();
  readonly #paused = new Map<number, OpenTrial>();
  readonly #ended: EndedTrial[] = [];
  #busySeconds = 0;
  #steps = 0;
  #now = 0;
  #isOver = false;

  constructor(options: SimulationOptions) {
    this.#options = options;
  }

  run(): SimulationResult {
    const { maxSeconds = Number.POSITIVE_INFINITY } = this.#options;
    this.#fill();
    for (let next = this.#queue.next(); next !== null; next = this.#queue.next()) {
      if (!this.#isOver && next.time > maxSeconds) {
        this.#isOver = true;
        this.#now = maxSeconds;
      }
      if (this.#isOver) {
        this.#free(next.event);
        this.#end(next.event, { state: 'stopped' });
        continue;
      }
      this.#now = next.time;
      this.#advance(next.event);
      this.#fill();
    }
    for (const trial of this.#paused.values()) this.#end(trial, { state: 'pruned' });
    return { trials: this.#ended, seconds: this.#now, busySeconds: this.#busySeconds };
  }

  /** Every trial in the queue of events has a worker. */
  #fill(): void {
    const { study, workers } = this.#options;
    while (!this.#isOver && this.#queue.size < workers) {
      // In ordered mode a worker stays idle until the trial that is waited for has ended.
      if (study.waitsFor() !== null) return;
      const asked = study.ask();
      if (asked === null) return;
      this.#start(asked);
    }
  }

  #start({ number, params }: AskedTrial): void {
    const now = this.#now;
    const waited = this.#paused.get(number);
    if (waited === undefined) {
      const plan = this.#options.play(params, number);
      this.#schedule({ number, params, startedAt: now, plan, origin: now, busySince: now, reported: 0 });
      return;
    }
    this.#paused.delete(number);
    const { reports, startSeconds = 0 } = waited.plan;
    waited.origin = now + startSeconds - (reports[waited.reported - 1]?.at ?? 0);
    waited.busySince = now;
    this.#schedule(waited);
  }

  #schedule(trial: OpenTrial): void {
    const next = trial.plan.reports[trial.reported];
    this.#queue.add(trial.origin + (next === undefined ? trial.plan.seconds : next.at), trial);
  }

  #advance(trial: OpenTrial): void {
    const { study } = this.#options;
    const { number, plan } = trial;
    const report = plan.reports[trial.reported];
    if (report === undefined) {
      this.#finish(trial);
      return;
    }
    this.#steps += report.step - (plan.reports[trial.reported - 1]?.step ?? 0);
    trial.reported++;
    const { stop } = study.report(number, report.step, report.value);
    // Whoever reports at its very end is done before a stop can reach it.
    if (trial.reported === plan.reports.length && report.at === plan.seconds) {
      this.#finish(trial);
    } else if (stop !== null) {
      this.#free(trial);
      this.#end(trial, { state: 'pruned' });
    } else if (study.isAtPause(number)) {
      this.#free(trial);
      study.pause(number);
      this.#paused.set(number, trial);
    } else {
      this.#schedule(trial);
    }
  }

  #finish(trial: OpenTrial): void {
    const { value } = trial.plan;
    this.#free(trial);
    this.#end(trial, value === null ? { state: 'failed' } : { state: 'complete', value });
  }

  /** The trial gives its worker back. */
  #free(trial: OpenTrial): void {
    this.#busySeconds += this.#now - trial.busySince;
  }

  #end(trial: OpenTrial, outcome: Parameters<Study['tell']>[1]): void {
    const { study, isEnough } = this.#options;
    const { number, params, startedAt, plan, reported } = trial;
    const { state, value } = study.tell(number, outcome);
    const ended: EndedTrial = {
      number,
      params,
      state: state as EndedTrial['state'],
      value,
      startedAt,
      endedAt: this.#now,
      steps: plan.reports[reported - 1]?.step ?? 0,
      stepsOfAll: this.#steps,
    };
    this.#ended.push(ended);
    if (this.#isOver) return;
    if (isEnough?.(ended) || study.enough() !== null) this.#isOver = true;
  }
}
