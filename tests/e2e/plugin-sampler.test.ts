import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Playground } from './tfsweep.ts';

const CONFIG = fileURLToPath(new URL('../../configs/plugin-sampler.yaml', import.meta.url));

const MAIN = fileURLToPath(new URL('../../packages/orchestrator/bin/tfsweep.mjs', import.meta.url));

const SWEEP = `
parameters: {x: {min: 0.0, max: 1.0}}
sampler: {module: ./mine.ts, options: {at: 0.25}}
metric: {name: loss}
run_cap: 3
trainer: {module: ./train.mjs}
`;
const TRAIN = `import { defineTrainer } from '@tfsweep/worker/trainer';
export default defineTrainer({ train: ({ params }) => ({ loss: params.x }) });
`;
/** Steps away from \`at\`, a tenth for each trial. */
const MINE = `import { defineSampler } from '@tfsweep/orchestrator/study';
interface Options { readonly at: number }
export default defineSampler({
  name: 'steps',
  create: (_space, options) => ({
    suggest: ({ number }) => ({ params: { x: (options as unknown as Options).at + number / 10 }, why: 'a step' }),
  }),
});
`;

/** Writes down what it is asked, and kills its process the first time that it is asked for trial 2. */
const DEADLY = `import { appendFileSync, readFileSync } from 'node:fs';
import { defineSampler } from '@tfsweep/orchestrator/study';
export default defineSampler({
  name: 'deadly',
  create: () => ({
    suggest({ number, rng }) {
      const x = rng.next();
      appendFileSync('asks', number + ' ' + x + '\\n');
      if (number === 2 && readFileSync('asks', 'utf8').split('\\n2 ').length === 2) process.kill(process.pid, 'SIGKILL');
      return { params: { x } };
    },
  }),
});
`;

const REFUSES = `import { defineSampler } from '@tfsweep/orchestrator/study';
export default defineSampler({
  name: 'steps',
  create(_space, options): never {
    throw new Error('no ' + options.at);
  },
});
`;

function playgroundWith(sampler: string | null): Playground {
  const playground = Playground.create();
  playground.write('sweep.yaml', SWEEP);
  playground.write('train.mjs', TRAIN);
  if (sampler !== null) playground.write('mine.ts', sampler);
  return playground;
}

describe('sampler: {module: …}', () => {
  it('runs a whole sweep of the config that shows it', async () => {
    const playground = Playground.create();
    const launched = await playground.run([
      'launch',
      CONFIG,
      '--json',
      '--workers',
      '2',
      '--set',
      'run_cap=8',
    ]);
    expect(launched).toMatchObject({ code: 0 });
    expect(JSON.parse(launched.stdout)).toMatchObject({ state: 'complete', counts: { complete: 8 } });
    const shown = await playground.run(['show', 'plugin-sampler', '7', '--json']);
    expect(JSON.parse(shown.stdout).sampler).toMatch(/^local-search \((drawn anew|near trial \d)\)$/);
  }, 120_000);

  it('is asked by validate, a dry run, try and ask-tell alike, with its options', async () => {
    const playground = playgroundWith(MINE);
    expect(await playground.run(['validate', 'sweep.yaml'])).toMatchObject({ code: 0 });
    const preview = await playground.run(['launch', 'sweep.yaml', '--dry-run', '--json']);
    expect(JSON.parse(preview.stdout).first).toEqual([
      { number: 0, params: { x: 0.25 } },
      { number: 1, params: { x: 0.35 } },
      { number: 2, params: { x: 0.45 } },
    ]);
    const tried = await playground.run(['try', 'sweep.yaml', '--json', '--backend', 'cpu']);
    expect(JSON.parse(tried.stdout)).toMatchObject({ params: { x: 0.25 } });
    const { stdout } = spawnSync(process.execPath, [MAIN, 'ask-tell', 'sweep.yaml'], {
      cwd: playground.folder,
      input: '{"op":"ask"}\n{"op":"ask"}\n',
      encoding: 'utf8',
    });
    expect(stdout).toBe('{"number":0,"params":{"x":0.25}}\n{"number":1,"params":{"x":0.35}}\n');
  }, 60_000);

  it('says on resume that the sampler was edited, and goes on with it as it is now', async () => {
    const playground = playgroundWith(MINE);
    const launched = await playground.run([
      'launch',
      'sweep.yaml',
      '--queue',
      'memory',
      '--workers',
      '1',
      '--quiet',
    ]);
    expect(launched).toMatchObject({ code: 0 });
    const again = await playground.run([
      'resume',
      '--set',
      'run_cap=4',
      '--queue',
      'memory',
      '--workers',
      '1',
      '--quiet',
    ]);
    expect(again.stderr).not.toContain('edited');
    playground.write('mine.ts', MINE.replace('/ 10', '/ 20'));
    const resumed = await playground.run([
      'resume',
      '--set',
      'run_cap=5',
      '--queue',
      'memory',
      '--workers',
      '1',
      '--quiet',
    ]);
    expect(resumed.stderr).toContain('The sampler mine.ts was edited since this sweep began');
    const board = await playground.run(['leaderboard', '--json', '--all']);
    const xs = (JSON.parse(board.stdout) as Array<{ number: number; params: { x: number } }>)
      .toSorted((a, b) => a.number - b.number)
      .map(({ params }) => params.x);
    expect(xs).toEqual([0.25, 0.35, 0.45, 0.55, 0.45]);
  }, 120_000);

  it('leaves a sweep that can be resumed when it throws in the middle of it', async () => {
    const playground = playgroundWith(
      MINE.replace('=> ({ params', '=> number === 2 ? outOfIdeas() : ({ params') +
        'function outOfIdeas(): never {\n  throw new Error("out of ideas");\n}\n',
    );
    const args = ['--queue', 'memory', '--workers', '1', '--quiet'];
    const launched = await playground.run(['launch', 'sweep.yaml', ...args]);
    expect(launched).toMatchObject({ code: 2 });
    expect(launched.stderr).toMatch(/^error The sampler `steps` threw: out of ideas \(mine\.ts:10:9\)\n$/m);
    playground.write('mine.ts', MINE);
    expect(await playground.run(['resume', ...args])).toMatchObject({ code: 0 });
    const board = await playground.run(['leaderboard', '--json', '--all']);
    expect(JSON.parse(board.stdout)).toHaveLength(3);
  }, 120_000);

  it('asks again, and nothing twice, after the orchestrator was killed with -9 in the middle of an ask', async () => {
    const playground = playgroundWith(DEADLY);
    const args = ['--workers', '1', '--quiet'];
    const launched = playground.start(['launch', 'sweep.yaml', ...args]);
    await launched.finished;
    expect(launched.child.signalCode).toBe('SIGKILL');
    expect(await playground.processesLeft()).toEqual([]);
    expect(await playground.run(['resume', ...args])).toMatchObject({ code: 0 });
    const asks = readFileSync(join(playground.folder, 'asks'), 'utf8').trim().split('\n');
    // At the end it is asked once more, to say whether a larger run_cap would go on.
    expect(asks.map((line) => line.split(' ')[0])).toEqual(['0', '1', '2', '2', '3']);
    expect(asks[2]).toBe(asks[3]);
    const board = await playground.run(['leaderboard', '--json', '--all']);
    const trials = JSON.parse(board.stdout) as Array<{ number: number; params: { x: number } }>;
    expect(trials.map(({ number, params }) => `${number} ${params.x}`).sort()).toEqual(asks.slice(0, 3));
  }, 120_000);

  it.each([
    ['that is not there', null, /^error sweep\.yaml:3:19: sampler\.module: no such file: .*mine\.ts\n$/],
    ['without a default export', 'export const mine = 1;\n', /mine\.ts has no default export/],
    ['that exports something else', 'export default { suggest() {} };\n', /not made by `defineSampler`/],
    [
      'that throws when it is loaded',
      '\n\nthrow new Error("no luck");\n',
      /mine\.ts:3:7: mine\.ts can't be loaded: no luck/,
    ],
    [
      'that is no TypeScript',
      'export default {\n  name: : 1,\n};\n',
      /mine\.ts:2:\d+: mine\.ts can't be loaded/,
    ],
    [
      'whose package is missing',
      "import 'left-pad-of-mine';\n",
      /imports left-pad-of-mine, .* npm install left-pad-of-mine/,
    ],
    ['that refuses its options', REFUSES, /The sampler `steps` can't be made: no 0\.25 \(mine\.ts:5:\d+\)/],
    [
      'that throws when it is asked',
      MINE.replace('({ params: {', '({ params: undefined!.x, old: {'),
      /The sampler `steps` threw: Cannot read properties of undefined .*\(mine\.ts:6:\d+\)/,
    ],
  ])(
    'tells where the fault is in a sampler %s, without a stack',
    async (_what, sampler, message) => {
      const playground = playgroundWith(sampler);
      const { code, stderr } = await playground.run(['launch', 'sweep.yaml', '--dry-run']);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
    },
    30_000,
  );
});
