import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { type ParentBond, parentBond, watchdogBond } from './parent-bond.ts';
import { gone } from './testing/fleet.ts';

/** Hears no SIGTERM and reads nothing: as a native training step. */
const IDLE = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1_000); console.log(process.pid)";

async function pidOf(child: ChildProcess): Promise<number> {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return Number(chunk.toString());
}

/** A child of a parent that is not us, started by the command line of a bond. */
async function bound(bond: ParentBond): Promise<{ parent: ChildProcess; child: number }> {
  const { file, args } = bond.command(process.execPath, ['-e', IDLE]);
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawn(${JSON.stringify(file)}, ${JSON.stringify(args)}, { detached: true, stdio: 'inherit' })`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const child = await pidOf(parent);
  onTestFinished(() => {
    parent.kill('SIGKILL');
    try {
      process.kill(child, 'SIGKILL');
    } catch {
      // As it should be.
    }
  });
  return { parent, child };
}

it.runIf(process.platform === 'linux')('ends a child with its parent, however the parent went', async () => {
  const { parent, child } = await bound(await parentBond());
  parent.kill('SIGKILL');
  await gone(child);
});

it('kills what it still holds when its parent’s end of the pipe closes, and nothing else', async () => {
  const bond = watchdogBond();
  const held = await bound(bond);
  const released = await bound(bond);
  for (const { child } of [held, released]) bond.hold(child);
  bond.release(released.child);
  bond.close();
  await gone(held.child);
  expect(process.kill(released.child, 0)).toBe(true);
});
