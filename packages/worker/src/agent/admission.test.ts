import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jobId, signJob } from '@tfsweep/orchestrator/protocol';
import { expect, it } from 'vitest';
import { eventually, SECRET, signed, TestFleet } from './testing/fleet.ts';

const SOURCE = 'export default 1;\n';

function moduleTrainer(path: string, source = SOURCE) {
  const sha256 = createHash('sha256').update(source).digest('hex');
  return { trainer: { kind: 'module' as const, path, sha256, args: {} } };
}

async function fleetWithModule(): Promise<TestFleet> {
  const fleet = await TestFleet.create();
  await mkdir(join(fleet.dir, 'project', 'lib'), { recursive: true });
  await writeFile(join(fleet.dir, 'project', 'lib', 'train.ts'), SOURCE);
  await writeFile(join(fleet.dir, 'outside.ts'), SOURCE);
  await symlink(join(fleet.dir, 'outside.ts'), join(fleet.dir, 'project', 'link.ts'));
  return fleet;
}

const refused = (reason: string) => ({
  kind: 'returned',
  refused: true,
  reason: expect.stringContaining(reason),
});

it('runs a module that is inside its root and has the hash of the job', async () => {
  const fleet = await fleetWithModule();
  const sweep = await fleet.sweep();
  await fleet.agent({ roots: new Map([['here', join(fleet.dir, 'project')]]) });
  const trial = await sweep.launch({ do: 'train' }, moduleTrainer('lib/train.ts'));
  expect(await sweep.outcome(trial)).toMatchObject({ kind: 'complete' });
});

it.each([
  ['leads out of its root', '../outside.ts', SOURCE, 'leads out of the folder'],
  ['is a link that leads out of its root', 'link.ts', SOURCE, 'leads out of the folder'],
  ['is not there', 'lib/none.ts', SOURCE, 'there is no lib/none.ts'],
  ['is the root itself', '.', SOURCE, 'leads out of the folder'],
  ['has other bytes than the launched one', 'lib/train.ts', 'other', 'differs from the trainer'],
])(
  'refuses a module that %s, once, and then leaves the sweep to others',
  async (_how, path, source, reason) => {
    const fleet = await fleetWithModule();
    const sweep = await fleet.sweep();
    await fleet.agent({ roots: new Map([['here', join(fleet.dir, 'project')]]) });
    const first = await sweep.launch({ do: 'train' }, moduleTrainer(path, source));
    expect(await sweep.outcome(first)).toEqual(refused(reason));
    expect(fleet.log.filter((line) => line.includes(reason))).toHaveLength(1);

    const second = sweep.job({ do: 'train' }, moduleTrainer('lib/train.ts'));
    await sweep.queue.enqueue([signed(second)]);
    const other = await fleet.sweep();
    await other.outcome(await other.launch({ do: 'train' }));
    expect(await sweep.queue.present()).toEqual(new Set([jobId(sweep.id, second.trial, 1)]));
  },
);

it('takes a changed module where drift is allowed', async () => {
  const fleet = await fleetWithModule();
  const sweep = await fleet.sweep();
  await fleet.agent({ roots: new Map([['here', join(fleet.dir, 'project')]]), allowDrift: true });
  const trial = await sweep.launch({ do: 'train' }, moduleTrainer('lib/train.ts', 'other'));
  expect(await sweep.outcome(trial)).toMatchObject({ kind: 'complete' });
});

it('runs no job that the fleet did not sign, and goes on with the sweep', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  const forged = sweep.job({ do: 'train' });
  const payload = JSON.stringify(forged);
  await sweep.queue.enqueue([signJob(jobId(sweep.id, forged.trial, 1), payload, 'another secret')]);
  const genuine = await sweep.launch({ do: 'train' });

  expect(await sweep.outcome(forged.trial)).toEqual(refused('not signed'));
  expect(await sweep.outcome(genuine)).toMatchObject({ kind: 'complete' });
  expect(sweep.of(forged.trial).map(({ type }) => type)).toEqual(['finished']);
});

it('takes no more of a sweep whose jobs are all signed with another secret', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  const trials = await Promise.all(Array.from({ length: 6 }, () => sweep.launch({ do: 'train' })));
  await fleet.agent({ secret: 'another secret' });
  for (const trial of trials.slice(0, 3)) expect(await sweep.outcome(trial)).toEqual(refused('not signed'));
  const other = await fleet.sweep();
  const last = await other.launch({ do: 'train' });
  expect(await other.outcome(last)).toEqual(refused('not signed'));
  expect((await sweep.queue.present()).size).toBe(3);
});

it('takes jobs that it can’t read out of the queue, and says so', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent();
  await sweep.queue.enqueue([signJob(jobId(sweep.id, 900, 1), '{"protocol": 1}', SECRET)]);
  await sweep.queue.enqueue([signJob(jobId(sweep.id, 901, 1), 'no JSON', SECRET)]);
  const trial = await sweep.launch({ do: 'train' });
  expect(await sweep.outcome(trial)).toMatchObject({ kind: 'complete' });
  await eventually(async () => expect(await sweep.queue.present()).toEqual(new Set()));
  expect(fleet.log.filter((line) => line.includes('no job of this protocol'))).toHaveLength(2);
});

it.each([
  ['another protocol', { protocol: 99 }, 'protocol 99'],
  ['a root that is not mapped', { root: 'elsewhere' }, '--root elsewhere=DIR'],
  ['a GPU', { gpusPerTrial: 1 }, 'this worker has none'],
])('takes no job of a sweep that needs %s', async (_what, listing, reason) => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep(listing);
  await sweep.launch({ do: 'train' });
  await fleet.agent();
  const other = await fleet.sweep();
  await other.outcome(await other.launch({ do: 'train' }));
  expect((await sweep.queue.present()).size).toBe(1);
  expect(sweep.heartbeats).toEqual([]);
  expect(fleet.log).toContainEqual(expect.stringContaining(reason));
});
