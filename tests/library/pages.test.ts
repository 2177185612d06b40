import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importModule } from '@tfsweep/orchestrator/modules';
import * as study from '@tfsweep/orchestrator/study';
import { expect, it, onTestFinished, vi } from 'vitest';
import { read } from '../setup/workspace.ts';

/** The blocks of TypeScript in a page of docs/, as files of one folder. */
function blocksOf(page: string, names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tfsweep-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const blocks = [...read(page).matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text!);
  expect(blocks).toHaveLength(names.length);
  for (const [i, name] of names.entries()) writeFileSync(join(folder, name), blocks[i]!);
  return folder;
}

const run = (folder: string, name: string, virtualModules: Record<string, unknown>): Promise<unknown> =>
  importModule(
    { path: join(folder, name), rootDir: folder, cacheDir: null },
    { what: 'page', virtualModules },
  );

it('runs what docs/library.md shows, and it finds a good setting', async () => {
  const folder = blocksOf('docs/library.md', ['search.ts']);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  onTestFinished(() => log.mockRestore());
  await run(folder, 'search.ts', { '@tfsweep/orchestrator/study': study });
  const [value, params] = log.mock.calls[0]!;
  expect(value).toBeLessThan(0.2);
  expect(params).toMatchObject({ optimizer: expect.stringMatching(/adam|sgd/) });
});

it('runs the sampler that docs/samplers.md shows, in a study and in its test', async () => {
  const folder = blocksOf('docs/samplers.md', ['mine.ts', 'mine.test.ts']);
  const tested: Array<[name: string, create: (space: study.Space) => study.PluginSampler]> = [];
  await run(folder, 'mine.test.ts', {
    '@tfsweep/orchestrator/study': study,
    '@tfsweep/orchestrator/testing': {
      describeSampler: (...given: (typeof tested)[number]) => tested.push(given),
    },
  });
  const { default: mine } = (await run(folder, 'mine.ts', { '@tfsweep/orchestrator/study': study })) as {
    default: study.SamplerPlugin;
  };
  const search = study.createStudy({ parameters: { x: study.float(0, 1) }, sampler: mine });
  const best = await search.optimize(({ x }) => x, { trials: 30 });
  expect(search.ask()!.sampler).toBe(`often-the-best (from trial ${best!.number})`);
  const [name, create] = tested[0]!;
  expect(name).toBe(mine.name);
  expect(create([]).suggest).toBeTypeOf('function');
});
