import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { confirm } from './confirm.ts';

async function answered(keys: string): Promise<boolean | null> {
  const [keyboard, screen] = [new PassThrough(), new PassThrough()];
  const answer = confirm('Delete it?', keyboard, screen);
  keyboard.write(keys);
  const said = await answer;
  expect(String(screen.read())).toContain('Delete it? [y/N] ');
  return said;
}

it('takes y and yes for a yes, and all else for a no', async () => {
  for (const yes of ['y\r', 'YES\r', ' y \r']) expect(await answered(yes)).toBe(true);
  for (const no of ['\r', 'n\r', 'yesterday\r']) expect(await answered(no)).toBe(false);
});

it('is left by Ctrl-C and by Ctrl-D', async () => {
  for (const key of ['\u0003', '\u0004']) expect(await answered(key)).toBeNull();
});
