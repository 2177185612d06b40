import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually, gone, TestFleet, temporaryFolder } from './testing/fleet.ts';

it('finishes what runs when it is drained, takes nothing new, and leaves no process', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  const agent = await fleet.agent({ slots: 2 });
  const gate = join(fleet.dir, 'gate');
  const running = await sweep.launch({ do: 'wait', until: gate });
  await sweep.started(running);
  expect(fleet.runners).toHaveLength(2);

  agent.drain();
  await sweep.launch({ do: 'train' });
  await eventually(() => expect(sweep.heartbeats.at(-1)?.draining).toBe(true));
  await writeFile(gate, '');
  await agent.ended;
  expect(await sweep.outcome(running)).toMatchObject({ kind: 'complete' });
  expect((await sweep.queue.present()).size).toBe(1);
  for (const pid of fleet.runners) await gone(pid);
});

it('hands back what runs when it is stopped, and leaves no process', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  const agent = await fleet.agent({ slots: 2 });
  const trials = [await sweep.launch({ do: 'deaf', spin: true }), await sweep.launch({ do: 'wait' })];
  for (const trial of trials) await sweep.started(trial);

  await agent.stop();
  await agent.ended;
  for (const trial of trials) {
    expect(await sweep.outcome(trial)).toMatchObject({ kind: 'returned', refused: false });
  }
  expect((await sweep.queue.present()).size).toBe(0);
  expect(fleet.runners).toHaveLength(2);
  for (const pid of fleet.runners) await gone(pid);
});

it('ends with its one sweep, and serves no other', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  const other = await fleet.sweep();
  await other.launch({ do: 'train' });
  const agent = await fleet.agent({ onlySweep: sweep.id }, { pollMs: 20, sweepGoneMs: 100 });
  await sweep.outcome(await sweep.launch({ do: 'train' }));
  await sweep.queue.close({ forget: true });
  await agent.ended;
  expect(other.events).toEqual([]);
});

it('outlives the moment in which a flushed Redis lists no sweep', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  const lookedAt: number[] = [];
  await fleet.agent({ onlySweep: sweep.id }, { pollMs: 10, sweepGoneMs: 60_000 }, (link) => ({
    open: (events) => link.open(events),
    take: (listing) => link.take(listing),
    send: (listing, events) => link.send(listing, events),
    close: () => link.close(),
    async sweeps() {
      const listings = await link.sweeps();
      lookedAt.push(listings.length);
      return listings;
    },
  }));
  await sweep.outcome(await sweep.launch({ do: 'train' }));
  fleet.broker.flush();
  await eventually(() => expect(lookedAt.at(-1)).toBe(0));
  await sweep.reopen();
  expect(await sweep.outcome(await sweep.launch({ do: 'train' }))).toMatchObject({ kind: 'complete' });
});

it('ends when its one sweep never shows up', async () => {
  const fleet = await TestFleet.create();
  const agent = await fleet.agent(
    { onlySweep: '3f0c38fb-2a35-4b3e-9d5a-7a1f2d9b6c11' },
    { pollMs: 10, neverSeenMs: 50 },
  );
  await agent.ended;
});

it('kills what trains for a sweep that nobody serves any more', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent({}, { pollMs: 10, abandonedMs: 50 });
  const trial = await sweep.launch({ do: 'deaf' });
  await sweep.started(trial);
  await sweep.queue.close({ forget: true });
  await gone(fleet.runners[0]!);
  const next = await fleet.sweep();
  expect(await next.outcome(await next.launch({ do: 'train' }))).toMatchObject({ kind: 'complete' });
});

it.each([
  ['says that no backend works', 'broken', 'it never works'],
  ['dies before it is ready, three times', 'dying', 'cannot open shared object file'],
])('ends with a clear word when a runner %s', async (_what, backend, detail) => {
  const fleet = await TestFleet.create();
  const agent = await fleet.agent({ backend, slots: 2 });
  await expect(agent.ended).rejects.toMatchObject({
    code: 'NO_BACKEND',
    exitCode: 2,
    message: expect.stringMatching(new RegExp(`${detail}.*--backend.*tfsweep doctor`, 's')),
  });
  for (const pid of fleet.runners) await gone(pid);
});

it('says that the packages are not built where there is no runner', async () => {
  const fleet = await TestFleet.create();
  const dir = await temporaryFolder();
  await expect(fleet.agent({}, { runnerEntry: join(dir, 'main.js') })).rejects.toThrow('pnpm build');
});
