import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fileContents, fileStates, fingerprintOf } from '../../scripts/setup/stamp.mjs';
import { runStep } from '../../scripts/setup/step.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tfsweep-stamp-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function step(
  fingerprint: string,
  work: () => Promise<void>,
  isThere = () => true,
): Promise<'done' | 'skipped'> {
  return runStep({ folder, name: 'build', announce: 'Building', fingerprint, isThere, work });
}

it('carries a step out once, and again when its inputs have changed', async () => {
  const work = vi.fn(async () => {});
  expect(await step('a', work)).toBe('done');
  expect(await step('a', work)).toBe('skipped');
  expect(await step('b', work)).toBe('done');
  expect(work).toHaveBeenCalledTimes(2);
});

it('carries a step out again when its result is gone', async () => {
  await step('a', async () => {});
  expect(
    await step(
      'a',
      async () => {},
      () => false,
    ),
  ).toBe('done');
});

it('leaves no stamp behind a step that failed, not even the one from before', async () => {
  await step('a', async () => {});
  await expect(step('b', () => Promise.reject(new Error('no compiler')))).rejects.toThrow('no compiler');
  expect(await step('a', async () => {})).toBe('done');
});

it('sees a file that was added, edited, touched or removed anywhere below a folder', () => {
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
  const file = join(folder, 'src', 'deep', 'a.ts');
  const now = () => fingerprintOf(fileStates(folder, ['src']));
  const seen = [now()];
  writeFileSync(file, 'one');
  seen.push(now());
  writeFileSync(file, 'three');
  seen.push(now());
  utimesSync(file, 1, 1);
  seen.push(now());
  rmSync(file);
  expect(now()).toBe(seen[0]);
  expect(new Set(seen).size).toBe(seen.length);
});

it('tells files apart by content and name, and a missing one from an empty one', () => {
  writeFileSync(join(folder, 'a'), '');
  writeFileSync(join(folder, 'b'), '');
  const prints = [['a'], ['b'], ['c'], ['a', 'b']].map((paths) => fingerprintOf(fileContents(folder, paths)));
  expect(new Set(prints).size).toBe(prints.length);
});
