import { expect, it } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { Playground } from './tfsweep.ts';

const MEMORY = ['--queue', 'memory', '--workers', '1', '--no-dashboard'];

interface Summary {
  readonly state: string;
  readonly counts: { readonly complete: number; readonly stopped: number };
}

it('says why an ended sweep has nothing left to do, and goes on with what it says to type', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, {
    trials: 40,
    pauseMs: 1,
    extra: 'terminate: {stagnation: 3}\n',
  });
  const launched = await playground.run(['launch', sweep, ...MEMORY]);
  expect(launched).toMatchObject({ code: 0 });
  expect(launched.stdout).toContain('brought nothing better (terminate.stagnation)');
  const shown = async (): Promise<object[]> => {
    const { stdout } = await playground.run(['leaderboard', '--all', '--json']);
    return (JSON.parse(stdout) as object[]).map((trial) => ({ ...trial, rank: null }));
  };
  const before = await shown();

  const resumed = await playground.run(['resume', ...MEMORY]);
  expect(resumed).toMatchObject({ code: 0, stdout: '' });
  expect(resumed.stderr).toMatch(
    /^quick is complete, and nothing is left to do:\n {2}the last \d+ trials brought nothing better \(terminate\.stagnation\)\nTo search on: {2}npx --no-install tfsweep resume quick --set terminate\S+\n$/,
  );
  expect(await shown()).toEqual(before);
  const command = /tfsweep (resume quick .*)/.exec(resumed.stderr)![1]!;
  // The launch had said the same.
  expect(launched.stdout).toContain(command);

  const on = await playground.run([...command.split(' '), ...MEMORY]);
  expect(on).toMatchObject({ code: 0 });
  const after = await shown();
  expect(after.length).toBeGreaterThan(before.length);
  expect(after).toEqual(expect.arrayContaining(before));

  const whole = await playground.run(['resume', '--set', 'terminate=null', '--json', ...MEMORY]);
  const { state, counts } = JSON.parse(whole.stdout) as Summary;
  expect({ state, tried: counts.complete + counts.stopped }).toEqual({ state: 'complete', tried: 40 });
  const json = await playground.run(['resume', '--json', ...MEMORY]);
  expect(json.code).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({ sweep: 'quick', state: 'complete', counts });
  expect(json.stderr).toContain('run_cap of 40 is reached\nTo search on:  ');
  expect(json.stderr).toContain('tfsweep resume quick --set run_cap=80\n');
  // What was set and is not enough is part of what to type.
  const half = await playground.run(['resume', '--set', 'fixed={x: 0.5}', ...MEMORY]);
  expect(half.stderr).toContain("tfsweep resume quick --set 'fixed={x: 0.5}' --set run_cap=80\n");
}, 240_000);
