import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { eventually, gone, TestFleet } from './testing/fleet.ts';

it('runs a trial: started, its reports with NaN kept, finished, in order', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent({ name: 'anna' });
  const trial = await sweep.launch({ do: 'train', steps: 2 });

  expect(await sweep.outcome(trial)).toEqual({ kind: 'complete', values: { loss: 0.25 } });
  expect(sweep.of(trial)).toMatchObject([
    { seq: 1, type: 'started', worker: 'anna', slot: 0, backend: 'fake' },
    { seq: 2, type: 'report', step: 1, values: { loss: Number.NaN } },
    { seq: 3, type: 'report', step: 2, values: { loss: 0.5 } },
    { seq: 4, type: 'finished' },
  ]);
  await eventually(async () => expect(await sweep.queue.present()).toEqual(new Set()));
});

it('passes on what a trainer threw, and keeps the runner', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  const before = await sweep.launch({ do: 'environment' });
  const thrown = await sweep.launch({ do: 'throw' });
  const after = await sweep.launch({ do: 'environment' });

  expect(await sweep.outcome(thrown)).toMatchObject({
    kind: 'failed',
    error: { kind: 'throw', message: 'no luck', stack: expect.stringContaining('t.ts:3:1') },
  });
  await sweep.outcome(after);
  const [first, second] = await Promise.all(
    [before, after].map((trial) => pidOf(fleet, sweep.of(trial)[0]!)),
  );
  expect(second).toBe(first);
});

it.each([
  ['leaves with code 0', 'exit', { kind: 'crash', message: expect.stringContaining('process.exit()') }],
  ['is aborted', 'abort', { kind: 'crash', message: expect.stringMatching(/SIGABRT\.\nlast words/) }],
  ['runs out of memory', 'heap', { kind: 'memory', message: expect.stringContaining('heap out of memory') }],
])('fails a trial whose process %s, and goes on with a new one', async (_how, behaviour, error) => {
  vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=48');
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  vi.unstubAllEnvs();
  const trial = await sweep.launch({ do: behaviour });
  const next = await sweep.launch({ do: 'train' });

  expect(await sweep.outcome(trial)).toMatchObject({ kind: 'failed', error });
  expect(await sweep.outcome(next)).toMatchObject({ kind: 'complete' });
});

it.each([
  ['hears no signal', { spin: true }],
  ['ignores SIGTERM', { spin: false }],
])('kills a trial that is over its time limit and %s, with all it has started', async (_how, params) => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  const trial = await sweep.launch({ do: 'deaf', ...params }, { timeLimitMs: 500, stopGraceMs: 50 });

  expect(await sweep.outcome(trial)).toEqual({
    kind: 'failed',
    error: { kind: 'timeout', message: expect.stringContaining('time limit of 0.5 s') },
  });
  const pids = JSON.parse(await readFile(join(fleet.runDir(sweep.of(trial)[0]!), 'pids.json'), 'utf8'));
  for (const pid of pids) await gone(pid);
});

it('ends a trial that obeys at its time limit as timed out too, and replaces its runner', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  const before = await sweep.launch({ do: 'environment' });
  const late = await sweep.launch({ do: 'wait' }, { timeLimitMs: 50 });
  const after = await sweep.launch({ do: 'environment' });

  expect(await sweep.outcome(late)).toMatchObject({ kind: 'failed', error: { kind: 'timeout' } });
  await sweep.outcome(after);
  const [first, second] = await Promise.all(
    [before, after].map((trial) => pidOf(fleet, sweep.of(trial)[0]!)),
  );
  expect(second).not.toBe(first);
});

it('stops a trial that is told to, by push and by the reply to a report', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent({ slots: 2 });
  const silent = await sweep.launch({ do: 'wait' });
  const reporting = await sweep.launch({ do: 'reportUntilStopped' });
  await Promise.all([sweep.started(silent), sweep.started(reporting)]);

  await sweep.stop(silent);
  expect(await sweep.outcome(silent)).toEqual({ kind: 'stopped' });
  expect(sweep.of(reporting).some(({ type }) => type === 'finished')).toBe(false);
  await sweep.stop(reporting);
  expect(await sweep.outcome(reporting)).toEqual({ kind: 'stopped' });
});

it('leaves a trial alone when a stop means another run of it', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  const gate = join(fleet.dir, 'gate');
  const trial = await sweep.launch({ do: 'wait', until: gate });
  await sweep.started(trial);
  await sweep.stop(trial, { runId: 'another-run' });
  await sweep.stop(trial, { attempt: 2 });
  await writeFile(gate, '');
  expect(await sweep.outcome(trial)).toMatchObject({ kind: 'complete' });
});

it('kills a trial that ignores the order to stop, and calls it stopped', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  const trial = await sweep.launch({ do: 'deaf', spin: true }, { stopGraceMs: 50 });
  await sweep.started(trial);
  const pids = await eventually(async () =>
    JSON.parse(await readFile(join(fleet.runDir(sweep.of(trial)[0]!), 'pids.json'), 'utf8')),
  );
  await sweep.stop(trial);
  expect(await sweep.outcome(trial)).toEqual({ kind: 'stopped' });
  for (const pid of pids) await gone(pid);
});

it('replaces a runner that has grown out of bounds', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  const first = await sweep.launch({ do: 'environment' });
  await sweep.launch({ do: 'leak' });
  const last = await sweep.launch({ do: 'environment' });
  await sweep.outcome(last);
  expect(await pidOf(fleet, sweep.of(last)[0]!)).not.toBe(await pidOf(fleet, sweep.of(first)[0]!));
  expect(fleet.log).toContainEqual(expect.stringContaining('leaks'));
});

it('believes nothing that is no message of a runner', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  const trial = await sweep.launch({ do: 'garble' });
  expect(await sweep.outcome(trial)).toMatchObject({ kind: 'complete' });
  expect(sweep.events.map(({ type }) => type)).toEqual(['started', 'finished']);
});

it('writes what a trainer prints to the log of its run', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  const trial = await sweep.launch({ do: 'print' });
  await sweep.outcome(trial);
  await eventually(async () => {
    const log = await readFile(join(fleet.runDir(sweep.of(trial)[0]!), 'log.txt'), 'utf8');
    expect(log.split('\n').sort()).toEqual(['', 'to standard error', 'to standard output']);
  });
});

async function pidOf(fleet: TestFleet, event: Parameters<TestFleet['runDir']>[0]): Promise<number> {
  return JSON.parse(await readFile(join(fleet.runDir(event), 'runner.json'), 'utf8')).pid;
}
