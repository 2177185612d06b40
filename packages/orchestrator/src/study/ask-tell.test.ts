import { expect, it } from 'vitest';
import { createAskTell } from './ask-tell.ts';
import { studyWith } from './testing/spaces.ts';
import type { StudyOptions } from './types.ts';

const last = { type: 'last' } as const;
const several: Partial<StudyOptions> = {
  metric: { name: 'accuracy', goal: 'maximize', reduce: last },
  otherMetrics: [
    { name: 'size', goal: 'minimize', reduce: last },
    { name: 'latency', min: null, max: 10, reduce: last },
  ],
};

function dialogue(options: Partial<StudyOptions>) {
  const answer = createAskTell(studyWith(options));
  return (request: object): Record<string, unknown> => JSON.parse(answer(JSON.stringify(request)));
}

it('takes several values as a list in the order of the metrics, or by name', () => {
  const say = dialogue(several);
  for (let number = 0; number < 4; number++) expect(say({ op: 'ask' })).toMatchObject({ number });
  expect(say({ op: 'tell', number: 0, values: [0.9, 50, 11] })).toEqual({ ok: true });
  expect(say({ op: 'tell', number: 1, values: { size: 20, accuracy: 0.7, latency: 3 } })).toEqual({
    ok: true,
  });
  expect(say({ op: 'tell', number: 2, values: [0.8, 60, 10] })).toEqual({ ok: true });
  expect(say({ op: 'tell', number: 3, values: [0.6, 30, 2] })).toEqual({ ok: true });
  expect(say({ op: 'best' })).toMatchObject({
    number: 2,
    value: 0.8,
    values: { accuracy: 0.8, size: 60, latency: 10 },
  });
  expect(say({ op: 'front' })).toMatchObject({ front: [{ number: 2 }, { number: 1, value: 0.7 }] });
});

it('takes reports of several metrics, and completes from them what a tell leaves out', () => {
  const say = dialogue(several);
  say({ op: 'ask' });
  expect(say({ op: 'report', number: 0, step: 1, values: [0.5, 40, 3] })).toEqual({ stop: false });
  expect(say({ op: 'report', number: 0, step: 2, values: { size: 41 } })).toEqual({ stop: false });
  expect(say({ op: 'tell', number: 0, value: 0.6 })).toEqual({ ok: true });
  expect(say({ op: 'best' })).toMatchObject({ values: { accuracy: 0.6, size: 41, latency: 3 } });
});

it('says how many values it wants and in which order, and what it does not know', () => {
  const say = dialogue(several);
  say({ op: 'ask' });
  expect(say({ op: 'tell', number: 0, values: [1, 2] })).toEqual({
    error: '"values" is [1,2]; it must hold 3 numbers, in this order or by name: accuracy, size, latency.',
  });
  expect(say({ op: 'tell', number: 0, values: { accuracy: 1, sise: 2 } }).error).toContain(
    'did you mean `size`',
  );
  expect(say({ op: 'tell', number: 0, value: 1 }).error).toContain('nor a report of size, latency');
  expect(say({ op: 'tell', number: 0, value: 1, values: [1, 2, 3] }).error).toContain('not both');
  expect(say({ op: 'front', number: 0 }).error).toContain('"front" does not take "number"');
  expect(say({ op: 'best' }).error).toBe('No trial is complete yet.');
  expect(say({ op: 'tell', number: 0, values: [1, 2, 30] })).toEqual({ ok: true });
  expect(say({ op: 'best' }).error).toBe('No complete trial keeps the constraints yet.');
  expect(say({ op: 'front' })).toEqual({ front: [] });
});

it('keeps to one number where there is one metric', () => {
  const say = dialogue({});
  const { params } = say({ op: 'ask' });
  expect(say({ op: 'tell', number: 0, values: [1, 2] }).error).toContain(
    'one metric, so it must hold one number',
  );
  expect(say({ op: 'tell', number: 0, values: [2] })).toEqual({ ok: true });
  expect(say({ op: 'best' })).toEqual({ number: 0, value: 2, params });
  expect(say({ op: 'front' })).toEqual({ front: [{ number: 0, value: 2, params }] });
});

it('says which trial an ask has to wait for in ordered mode, and goes on', () => {
  const say = dialogue({ lag: 2 });
  say({ op: 'ask' });
  say({ op: 'ask' });
  expect(say({ op: 'ask' }).error).toContain('once trial 0 is finished');
  say({ op: 'tell', number: 0, value: 1 });
  expect(say({ op: 'ask' })).toMatchObject({ number: 2 });
});

it('pauses trials where the scheduler promotes, and asks for the best of them again', () => {
  const say = dialogue({
    scheduler: { type: 'asha', minIter: 1, maxIter: 9, eta: 3, mode: 'promotion' },
    maxStep: 9,
    runCap: 3,
  });
  for (const number of [0, 1, 2]) expect(say({ op: 'ask' })).toMatchObject({ number, pause_at: 1 });
  expect(say({ op: 'tell', number: 0, state: 'paused' })).toEqual({
    error: "Trial 0 can't pause: it has not reached step 1.",
  });
  for (const number of [0, 1]) {
    expect(say({ op: 'report', number, step: 1, value: 2 - number })).toEqual({ stop: false });
    expect(say({ op: 'tell', number, state: 'paused' })).toEqual({ ok: true });
  }
  expect(say({ op: 'ask' }).error).toContain('Nothing can start now: one that is paused may go on');
  say({ op: 'report', number: 2, step: 1, value: 3 });
  say({ op: 'tell', number: 2, state: 'paused' });
  expect(say({ op: 'ask' })).toMatchObject({ number: 1, pause_at: 3, resumes: true });
});
