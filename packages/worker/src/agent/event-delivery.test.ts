import { type RunEvent, type SendReply, TfsweepError, type WorkerLink } from '@tfsweep/orchestrator/protocol';
import { expect, it } from 'vitest';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { eventually, TestFleet } from './testing/fleet.ts';

const seqs = (events: readonly RunEvent[]): number[] => events.map(({ seq }) => seq);

it('sends events again until they are committed', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  const sent: RunEvent[][] = [];
  await fleet.agent({ heartbeatMs: 60_000 }, { resendMs: 50 }, (link) => recording(link, sent));
  sweep.commits = false;
  const trial = await sweep.launch({ do: 'train' });
  await sweep.outcome(trial);
  await eventually(() =>
    expect(sent.filter((batch) => seqs(batch).join() === '1,2,3').length).toBeGreaterThan(1),
  );

  sweep.commits = true;
  const next = await sweep.launch({ do: 'train' });
  await sweep.outcome(next);
  const first = sweep.of(trial)[0]!.runId;
  await eventually(() => expect(sent.at(-1)?.some(({ runId }) => runId === first)).toBe(false));
});

it('puts its events into the new stream after Redis was flushed in mid-trial', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  sweep.commits = false;
  const trial = await sweep.launch({ do: 'reportUntilStopped' });
  await eventually(() => expect(sweep.of(trial).length).toBeGreaterThan(3));

  fleet.broker.flush();
  await sweep.reopen();
  const before = sweep.of(trial).length;
  await eventually(() => expect(sweep.of(trial).length).toBeGreaterThan(before + 3));
  await sweep.stop(trial);
  expect(await sweep.outcome(trial)).toEqual({ kind: 'stopped' });
  expect(seqs(sweep.of(trial))).toEqual(sweep.of(trial).map((_, index) => index + 1));
});

it('lets trials go on while no server answers, and loses nothing', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  const outage = { down: false, refused: 0 };
  await fleet.agent({ slots: 2 }, { resendMs: 50 }, (link) => failing(link, outage));
  const first = await sweep.launch({ do: 'reportUntilStopped' });
  await eventually(() => expect(sweep.of(first).length).toBeGreaterThan(2));
  outage.down = true;
  await eventually(() => expect(outage.refused).toBeGreaterThan(1));
  const seen = sweep.of(first).length;
  outage.down = false;
  await eventually(() => expect(sweep.of(first).length).toBeGreaterThan(seen + 10));
  await sweep.stop(first);
  await sweep.outcome(first);
  expect(seqs(sweep.of(first))).toEqual(sweep.of(first).map((_, index) => index + 1));
});

it('tells each sweep at once that it is there, and then which runs it holds', async () => {
  const fleet = await TestFleet.create();
  const agent = await fleet.agent({ name: 'anna', heartbeatMs: 50 });
  const sweep = await fleet.sweep();
  const worker = { name: 'anna', pid: process.pid, slots: 1, gpus: [] };
  await eventually(() => expect(sweep.heartbeats[0]).toMatchObject({ worker, runs: [], draining: false }));
  const trial = await sweep.launch({ do: 'wait' });
  const { runId } = await sweep.started(trial);
  await eventually(() =>
    expect(sweep.heartbeats.at(-1)).toMatchObject({ worker: { backend: 'fake' }, runs: [runId] }),
  );
  await agent.stop();
  await eventually(() => expect(sweep.heartbeats.at(-1)).toMatchObject({ draining: true }));
});

it('sends what comes up in one turn together, and what comes up meanwhile next', async () => {
  const sent: RunEvent[][] = [];
  const outbox = open({
    send: async (events) => {
      if (sent.push([...events]) === 1) outbox.add(event(4));
      return { stops: [], lost: false };
    },
  });
  for (const seq of [1, 2, 3]) outbox.add(event(seq));
  await outbox.sent();
  expect(sent.map(seqs)).toEqual([[1, 2, 3], [4]]);
  outbox.close();
});

it('lets reports wait once too much is kept, and answers them when it is committed', async () => {
  const outbox = open({ send: async () => ({ stops: [], lost: false }), limit: 3 });
  const answered: number[] = [];
  for (const seq of [1, 2]) outbox.add(event(seq), () => answered.push(seq));
  await outbox.sent();
  expect(answered).toEqual([1, 2]);
  outbox.add(event(3), () => answered.push(3));
  await outbox.sent();
  expect(answered).toEqual([1, 2]);
  outbox.acknowledge('run-of-test', 2);
  expect(answered).toEqual([1, 2, 3]);
  expect(outbox.size).toBe(1);
  outbox.close();
});

function open(options: Pick<OutboxOptions, 'send'> & Partial<OutboxOptions>): Outbox {
  return new Outbox({ onStops() {}, onLost() {}, resendMs: 60_000, limit: 100, ...options });
}

function event(seq: number): RunEvent {
  const run = { sweep: '3f0c38fb-2a35-4b3e-9d5a-7a1f2d9b6c11', trial: 0, attempt: 1, runId: 'run-of-test' };
  return { ...run, type: 'report', seq, at: 0, step: seq, values: {} };
}

/** The same link; what it is given to send is noted. */
function recording(link: WorkerLink, sent: RunEvent[][]): WorkerLink {
  return wrapping(link, async (listing, events) => {
    const ofRuns = events.filter((candidate) => candidate.type !== 'heartbeat');
    if (ofRuns.length > 0) sent.push(ofRuns);
    return link.send(listing, events);
  });
}

/** The same link, with a server that can go away. */
function failing(link: WorkerLink, outage: { down: boolean; refused: number }): WorkerLink {
  const whenUp = <T>(action: () => Promise<T>): Promise<T> => {
    if (!outage.down) return action();
    outage.refused += 1;
    return Promise.reject(new TfsweepError('REDIS_UNAVAILABLE', 'No Redis.'));
  };
  return {
    ...wrapping(link, (listing, events) => whenUp(() => link.send(listing, events))),
    sweeps: () => whenUp(() => link.sweeps()),
    take: (listing) => whenUp(() => link.take(listing)),
  };
}

function wrapping(
  link: WorkerLink,
  send: (...args: Parameters<WorkerLink['send']>) => Promise<SendReply>,
): WorkerLink {
  return {
    open: (events) => link.open(events),
    sweeps: () => link.sweeps(),
    take: (listing) => link.take(listing),
    send,
    close: () => link.close(),
  };
}
