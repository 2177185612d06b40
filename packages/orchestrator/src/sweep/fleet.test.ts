import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { thisProcess } from '../process-identity.ts';
import type { Heartbeat, WorkerInfo } from '../protocol/events.ts';
import { Fleet } from './fleet.ts';

const leases = { sameHostMs: 10_000, otherHostMs: 60_000 };
const elsewhere: WorkerInfo = {
  id: 'gpu-host-17-aa',
  name: 'gpu-host:17',
  host: 'gpu-host',
  bootId: 'another',
  pid: 17,
  startTime: '1',
  slots: 4,
  gpus: [],
  backend: 'wasm',
};
const here: WorkerInfo = {
  ...elsewhere,
  ...thisProcess(),
  id: `${hostname()}-${process.pid}-bb`,
  name: 'here',
  slots: 2,
};
const heartbeat = (worker: WorkerInfo, runs: string[] = [], draining = false): Heartbeat => ({
  type: 'heartbeat',
  worker,
  runs,
  draining,
});
const run = (worker: WorkerInfo) => ({ number: 0, attempt: 1, runId: 'run-one-a', workerId: worker.id });

it('counts the slots of workers that were heard within their lease and take work', () => {
  const fleet = new Fleet(leases);
  fleet.heartbeat(heartbeat(elsewhere), 0);
  fleet.heartbeat(heartbeat(here), 0);
  expect(fleet.slots(9_000)).toBe(6);
  expect(fleet.slots(11_000)).toBe(4);
  expect(fleet.slots(61_000)).toBe(0);
  fleet.heartbeat(heartbeat(elsewhere, [], true), 62_000);
  expect(fleet.slots(62_000)).toBe(0);
});

it('gives a run up once no heartbeat has named it for a lease, whatever else its worker says', () => {
  const fleet = new Fleet(leases);
  fleet.heartbeat(heartbeat(elsewhere, ['run-one-a']), 0);
  fleet.heartbeat(heartbeat(elsewhere, []), 50_000);
  expect(fleet.lossOf(run(elsewhere), 60_000)).toBeNull();
  expect(fleet.lossOf(run(elsewhere), 60_001)).toBe('no heartbeat for 60 s');
});

it('gives every run a new lease after Redis was away', () => {
  const fleet = new Fleet(leases);
  fleet.heartbeat(heartbeat(elsewhere, ['run-one-a']), 0);
  fleet.renewAll(100_000);
  expect(fleet.lossOf(run(elsewhere), 100_001)).toBeNull();
});

it('sees at once that a worker of this host is dead, known or not', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const pid = child.pid ?? 0;
  const dead: WorkerInfo = { ...here, id: `${hostname()}-${pid}-cc`, name: 'dead', pid };
  const fleet = new Fleet(leases);
  expect(fleet.lossOf(run(dead), 0)).toBe('its worker died');
  fleet.heartbeat(heartbeat(dead, ['run-one-a']), 0);
  expect(fleet.lossOf(run(dead), 0)).toBe('worker dead died');
  expect(fleet.slots(0)).toBe(0);
});

it('waits a whole lease for a worker that it never heard', () => {
  const fleet = new Fleet(leases);
  expect(fleet.lossOf(run(elsewhere), 5_000)).toBeNull();
  expect(fleet.lossOf(run(elsewhere), 15_001)).toBe('no heartbeat for 10 s');
});
