import { expect, it } from 'vitest';
import { Playground } from './tfsweep.ts';

it('says what a folder lacks that is to hold libtensorflow, and how to get one, without a stack', async () => {
  const playground = Playground.create();
  const { code, stdout, stderr } = await playground.run(['native', '--libtensorflow', '.']);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/holds none of libtensorflow\.so\.2.*pip install/s);
  expect(stderr).not.toMatch(/^\s+at /m);
});
