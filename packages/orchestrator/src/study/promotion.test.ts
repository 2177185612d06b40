import { describe, expect, it } from 'vitest';
import type { SchedulerConfig } from '../config/sweep-config.ts';
import { defineSampler } from '../samplers/plugin.ts';
import type { AskContext } from '../samplers/sampler.ts';
import type { Params } from '../space/types.ts';
import { createRng, type Rng } from './rng.ts';
import { float, parameter, studyWith } from './testing/spaces.ts';
import type { AskedTrial, Study, StudyOptions } from './types.ts';

const MAX = 9;
const promotion: SchedulerConfig = { type: 'asha', minIter: 1, maxIter: MAX, eta: 3, mode: 'promotion' };

function promoting(options: Partial<StudyOptions> = {}): Study {
  return studyWith({
    parameters: [parameter('x', float(0, 1)), parameter('y', float(0, 1))],
    scheduler: promotion,
    maxStep: MAX,
    runCap: 30,
    ...options,
  });
}

/** What the store keeps of a study: enough to make it anew. */
type Entry =
  | { readonly kind: 'ask'; readonly params: Params }
  | { readonly kind: 'report'; readonly number: number; readonly step: number; readonly value: number }
  | { readonly kind: 'pause' | 'resume' | 'complete'; readonly number: number };

function replay(entries: readonly Entry[], options: Partial<StudyOptions> = {}): Study {
  const study = promoting(options);
  for (const entry of entries) {
    if (entry.kind === 'ask') study.restore(entry.params);
    else if (entry.kind === 'report') study.report(entry.number, entry.step, entry.value);
    else if (entry.kind === 'complete') study.tell(entry.number, { state: 'complete' });
    else study[entry.kind](entry.number);
  }
  return study;
}

const lossAt = ({ x, y }: Params, step: number): number =>
  (Number(x) - 0.3) ** 2 + (Number(y) - 0.7) ** 2 + 0.1 / step;

/** Trains on `workers` slots whose steps end in random order, until an ask brings nothing while nothing runs. */
function train(study: Study, workers: number, rng: Rng, stopAfter = Number.POSITIVE_INFINITY) {
  const entries: Entry[] = [];
  const asked: AskedTrial[] = [];
  const running: Array<{ readonly trial: AskedTrial; step: number }> = [];
  const steps = new Map<number, number>();
  while (entries.length < stopAfter) {
    while (running.length < workers) {
      const trial = study.ask();
      if (trial === null) break;
      asked.push(trial);
      entries.push(
        trial.resumes ? { kind: 'resume', number: trial.number } : { kind: 'ask', params: trial.params },
      );
      running.push({ trial, step: steps.get(trial.number) ?? 0 });
    }
    if (running.length === 0) break;
    const slot = running[rng.int(running.length)]!;
    const { number, params, pauseAt } = slot.trial;
    slot.step += 1;
    steps.set(number, slot.step);
    const value = lossAt(params, slot.step);
    expect(study.report(number, slot.step, value)).toEqual({ stop: null });
    entries.push({ kind: 'report', number, step: slot.step, value });
    expect(study.isAtPause(number)).toBe(slot.step === pauseAt);
    if (slot.step !== pauseAt && slot.step < MAX) continue;
    running.splice(running.indexOf(slot), 1);
    const kind = slot.step === pauseAt ? 'pause' : 'complete';
    if (kind === 'pause') study.pause(number);
    else study.tell(number, { state: 'complete' });
    entries.push({ kind, number });
  }
  return { entries, asked };
}

describe('a study that promotes', () => {
  it('starts a trial per number, pauses all, and lets about a third go on from each rung', () => {
    const study = promoting();
    const { asked } = train(study, 4, createRng(1, 0, 'order'));
    const fresh = asked.filter(({ resumes }) => !resumes);
    expect(fresh.map(({ number, pauseAt }) => [number, pauseAt])).toEqual(
      Array.from({ length: 30 }, (_, number) => [number, 1]),
    );
    const promoted = asked.filter(({ resumes }) => resumes);
    const toThree = promoted.filter(({ pauseAt }) => pauseAt === 3);
    const toEnd = promoted.filter(({ pauseAt }) => pauseAt === undefined);
    expect(toThree.length).toBeGreaterThanOrEqual(10);
    expect(toEnd.length).toBeGreaterThanOrEqual(3);
    expect(promoted).toHaveLength(toThree.length + toEnd.length);
    const states = study.trials().map(({ state }) => state);
    expect(states.filter((state) => state === 'complete')).toHaveLength(toEnd.length);
    expect(states.filter((state) => state === 'paused')).toHaveLength(30 - toEnd.length);
    const bestAtFirstRung = study.trials().toSorted((a, b) => a.reports[0]!.value - b.reports[0]!.value)[0]!;
    expect(study.best()!.number).toBe(bestAtFirstRung.number);
  });

  it('goes on after a crash at any point as if there had been none', () => {
    const whole = train(promoting(), 3, createRng(2, 0, 'order'));
    for (const stop of [1, 7, 40, 90, 120]) {
      const before = train(promoting(), 3, createRng(2, 0, 'order'), stop).entries;
      expect(before).toEqual(whole.entries.slice(0, before.length));
      const [one, other] = [promoting(), replay(before)];
      for (const entry of before) {
        if (entry.kind === 'ask') one.ask();
        else if (entry.kind === 'resume') expect(one.ask()).toMatchObject({ number: entry.number });
        else if (entry.kind === 'report') one.report(entry.number, entry.step, entry.value);
        else if (entry.kind === 'complete') one.tell(entry.number, { state: 'complete' });
        else one.pause(entry.number);
      }
      expect(other.trials()).toEqual(one.trials());
      expect(other.trials().map(({ number }) => other.pauseAt(number))).toEqual(
        one.trials().map(({ number }) => one.pauseAt(number)),
      );
      expect(other.ask()).toEqual(one.ask());
    }
  });

  it('brings one trial to its end even where there are too few for a promotion', () => {
    const study = promoting({ runCap: 2 });
    const { asked } = train(study, 2, createRng(3, 0, 'order'));
    expect(asked).toHaveLength(4);
    expect(study.trials().map(({ state }) => state)).toContain('complete');
    expect(study.ask()).toBeNull();
  });

  it('shows samplers what a waiting trial has measured, as of a pruned one, until it ends', () => {
    const seen: Array<AskContext['history'][number]> = [];
    const study = promoting({
      runCap: null,
      method: 'bayes',
      sampler: { type: 'module', options: {} },
      samplerPlugin: defineSampler({
        name: 'spy',
        create: () => ({
          suggest: ({ history, rng }) => {
            if (history.length > 0) seen.push(history[0]!);
            return { params: { x: rng.next(), y: rng.next() } };
          },
        }),
      }),
    });
    study.ask();
    study.ask();
    study.report(0, 1, 0.25);
    study.pause(0);
    study.ask();
    expect(seen.map(({ state, loss, step }) => [state, loss, step])).toEqual([
      ['running', null, 0],
      ['pruned', 0.25, 1],
    ]);
  });

  it('refuses what makes no sense', () => {
    const study = promoting();
    study.ask();
    expect(() => study.pause(0)).toThrow("Trial 0 can't pause: it has not reached step 1.");
    study.report(0, 1, 0.5);
    study.pause(0);
    expect(() => study.report(0, 2, 0.5)).toThrow('Trial 0 is paused');
    expect(() => study.tell(0, { state: 'complete' })).toThrow('Trial 0 is paused');
    expect(study.tell(0, { state: 'pruned' })).toMatchObject({ state: 'pruned' });
    expect(() => study.resume(0)).toThrow("Trial 0 can't go on: it is pruned, not paused.");
    const stopping = studyWith({});
    stopping.ask();
    expect(() => stopping.pause(0)).toThrow("Trial 0 can't pause: none of this study pauses.");
    expect(() => promoting({ lag: 2 })).toThrow('In ordered mode no trial pauses');
  });
});
