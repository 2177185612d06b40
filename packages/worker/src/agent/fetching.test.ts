import { expect, it } from 'vitest';
import { eventually, TestFleet } from './testing/fleet.ts';

it('shares its slots between two sweeps by their weights', async () => {
  const fleet = await TestFleet.create();
  const light = await fleet.sweep({ priority: 1 });
  const heavy = await fleet.sweep({ priority: 3 });
  for (const sweep of [light, heavy]) for (let n = 0; n < 40; n += 1) await sweep.launch({ do: 'train' });
  await fleet.agent();
  const finished = (sweep: typeof light): number =>
    sweep.events.filter(({ type }) => type === 'finished').length;
  await eventually(() => expect(finished(heavy)).toBe(40));
  const starts = [...light.events, ...heavy.events]
    .filter(({ type }) => type === 'started')
    .sort((a, b) => a.at - b.at)
    .slice(0, 40);
  expect(starts.filter(({ sweep }) => sweep === heavy.id).length).toBeGreaterThanOrEqual(28);
  expect(starts.filter(({ sweep }) => sweep === light.id).length).toBeGreaterThanOrEqual(8);
});

it('fetches only into free slots', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  for (let n = 0; n < 4; n += 1) await sweep.launch({ do: 'wait' });
  const calls = { sweeps: 0, take: 0 };
  await fleet.agent({ slots: 2 }, { pollMs: 10 }, (link) => ({
    open: (events) => link.open(events),
    send: (listing, events) => link.send(listing, events),
    close: () => link.close(),
    sweeps: () => {
      calls.sweeps += 1;
      return link.sweeps();
    },
    take: (listing) => {
      calls.take += 1;
      return link.take(listing);
    },
  }));
  await Promise.all([sweep.started(0), sweep.started(1)]);
  const { sweeps, take } = calls;
  await eventually(() => expect(calls.sweeps).toBeGreaterThan(sweeps + 5));
  expect(calls.take).toBe(take);

  await sweep.stop(0);
  await sweep.started(2);
  expect(sweep.of(3)).toEqual([]);
});

it('keeps to the sweep’s limit of active jobs, and takes the next one as soon as one has left', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await sweep.queue.setConcurrency(1);
  for (let n = 0; n < 3; n += 1) await sweep.launch({ do: 'train' });
  await fleet.agent({ slots: 3 });
  await sweep.outcome(2);
  expect(sweep.events.map(({ type }) => type).join()).toBe(Array(3).fill('started,report,finished').join());
});
