import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nativePackageFolder } from './installed-addons.ts';
import { restoreRemovedUtil } from './removed-util.ts';

/** As Node 24 has it, reduced to what tfjs-node imports. */
const newUtil = (): Record<string, (value?: unknown) => unknown> => ({ promisify: () => 'untouched' });

it('answers as the functions did that Node has removed', () => {
  const util = newUtil();
  restoreRemovedUtil(util);
  const values = [null, undefined, 0, '', false, [], {}];
  expect(values.map((value) => util.isNullOrUndefined!(value))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect(values.map((value) => util.isArray!(value))).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
    false,
  ]);
  expect(util.promisify!()).toBe('untouched');
});

it('gives tfjs-node all that it calls of util', ({ skip }) => {
  const folder = nativePackageFolder('@tensorflow/tfjs-node');
  if (folder === null) skip('@tensorflow/tfjs-node is not installed');
  const called = new Set<string>();
  for (const path of readdirSync(join(folder!, 'dist'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.js') || path.endsWith('_test.js')) continue;
    const source = readFileSync(join(folder!, 'dist', path), 'utf8');
    const name = /\bvar (\w+) = require\("util"\)/.exec(source)?.[1];
    if (name === undefined) continue;
    for (const [, member] of source.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'))) called.add(member!);
  }
  // What lies in every Node from 20 to 24 besides.
  expect([...called].filter((name) => name !== 'promisify').sort()).toEqual(['isArray', 'isNullOrUndefined']);
});
