import { expect, it } from 'vitest';
import { RunnerClient, trainerModule, Workplace } from './runner-client.ts';

it('ends a trainer that throws as failed, with its stack and its own line, and trains the next trial', async () => {
  const place = new Workplace();
  place.write('throws.mjs', trainerModule(`throw new Error('the third layer is missing');`));
  place.write('fine.mjs', trainerModule('return { loss: 0.5 };'));
  const runner = new RunnerClient(place);

  const { finished } = await runner.run({ trainer: { module: 'throws.mjs' } });
  expect(finished?.outcome).toEqual({
    kind: 'failed',
    error: {
      kind: 'throw',
      message: 'the third layer is missing',
      stack: expect.stringMatching(/throws\.mjs:5/),
      at: expect.stringMatching(/^throws\.mjs:5:\d+$/),
    },
  });
  const next = await runner.run({ trainer: { module: 'fine.mjs' } });
  expect(next.finished?.outcome).toEqual({ kind: 'complete', values: { loss: 0.5 } });
});

it('ends an attempt with an error that nobody caught, and the process with it', async () => {
  const place = new Workplace();
  place.write(
    'timer.mjs',
    trainerModule(`setTimeout(() => { throw new Error('from a timer'); }, 1); await new Promise(() => {});`),
  );
  place.write(
    'promise.mjs',
    trainerModule(`Promise.reject(new Error('forgotten')); await new Promise(() => {});`),
  );
  for (const [module, message] of [
    ['timer.mjs', 'from a timer'] as const,
    ['promise.mjs', 'forgotten'] as const,
  ]) {
    const runner = new RunnerClient(place);
    const { finished } = await runner.run({ trainer: { module } });
    expect(finished?.outcome).toMatchObject({
      kind: 'failed',
      error: { kind: 'throw', message, at: expect.stringContaining(module) },
    });
    expect(await runner.exited).toBe(0);
  }
});

it('passes NaN and the infinities on as text, in reports and in what train returns', async () => {
  const place = new Workplace();
  place.write(
    'nan.mjs',
    trainerModule('await ctx.report(1, { loss: NaN, low: -Infinity }); return { loss: Infinity, fine: 1 };'),
  );
  const { reports, finished } = await new RunnerClient(place).run({ trainer: { module: 'nan.mjs' } });
  expect(reports).toEqual([{ step: 1, values: { loss: 'NaN', low: '-Infinity' } }]);
  expect(finished?.outcome).toEqual({ kind: 'complete', values: { loss: 'Infinity', fine: 1 } });
});

it('completes a trainer that reports and returns nothing: whether that is enough is not decided here', async () => {
  const place = new Workplace();
  place.write('silent.mjs', trainerModule(''));
  const { reports, finished } = await new RunnerClient(place).run({ trainer: { module: 'silent.mjs' } });
  expect(reports).toEqual([]);
  expect(finished?.outcome).toEqual({ kind: 'complete', values: {} });
});

it('ends without an outcome where the trainer ends the process', async () => {
  const place = new Workplace();
  place.write('exits.mjs', trainerModule('process.exit(3);'));
  const end = await new RunnerClient(place).run({ trainer: { module: 'exits.mjs' } });
  expect(end).toMatchObject({ finished: null, exitCode: 3 });
});

it.each([
  [
    'a tensor',
    'await ctx.report(1, { loss: ctx.tf.scalar(1) });',
    /report\(1, …\): the metric "loss" must be a number, got a tensor/,
  ],
  ['a text', `await ctx.report(1, { loss: '0.5' });`, /"loss" must be a number, got the text "0.5"/],
  [
    'a promise',
    'return { loss: Promise.resolve(1) };',
    /"loss" must be a number, got a promise\. Is an `await` missing/,
  ],
  ['no object', 'return 0.5;', /metrics are an object such as/],
  [
    'a name of 300 characters',
    `await ctx.report(1, { ['m'.repeat(300)]: 1 });`,
    /a metric's name has at most 200 characters; "m{40}…" has 300/,
  ],
  [
    'more than travels in one event',
    `return Object.fromEntries(Array.from({ length: 9000 }, (_, i) => ['metric_' + i, i]));`,
    /9000 metrics take \d+ bytes, more than the 131072 of one report/,
  ],
  ['step 0', 'await ctx.report(0, { loss: 1 });', /the step must be a whole number from 1 .*, got 0/],
])('refuses %s as a metric, and says which', async (_what, body, message) => {
  const place = new Workplace();
  place.write('metrics.mjs', trainerModule(body));
  const { reports, finished } = await new RunnerClient(place).run({ trainer: { module: 'metrics.mjs' } });
  expect(reports).toEqual([]);
  expect(finished?.outcome).toMatchObject({
    kind: 'failed',
    error: { kind: 'throw', message: expect.stringMatching(message) },
  });
});

it.each([
  [
    'has no default export',
    'export const train = () => {};\n',
    /broken\.ts has no default export/,
    'broken.ts',
  ],
  [
    'was not made by defineTrainer',
    'export default { train() {} };\n',
    /was not made by `defineTrainer`/,
    'broken.ts',
  ],
  [
    'has a syntax error',
    'const a = 1;\nexport default { train( };\n',
    /broken\.ts can't be loaded: .*Unexpected token/,
    'broken.ts:2:24',
  ],
  [
    'imports a package that is not there',
    `import 'not-there-at-all';\nexport default 1;\n`,
    /imports not-there-at-all, which is not found from the trainer's folder\. .*npm install not-there-at-all/,
    'broken.ts',
  ],
  [
    'imports a file that is not there',
    `import { x } from './helper.ts';\nexport default x;\n`,
    /imports .*helper\.ts, which is not found/,
    'broken.ts',
  ],
  [
    'throws while it is loaded',
    `const a: number = 1;\nthrow new Error('no licence ' + a);\n`,
    /broken\.ts can't be loaded: no licence 1/,
    'broken.ts:2',
  ],
])('fails a module that %s as a trainer, with its place', async (_what, source, message, at) => {
  const place = new Workplace();
  place.write('broken.ts', source);
  const { finished } = await new RunnerClient(place).run({ trainer: { module: 'broken.ts' } });
  expect(finished?.outcome).toMatchObject({
    kind: 'failed',
    error: { kind: 'trainer', message: expect.stringMatching(message), at: expect.stringContaining(at) },
  });
});

it('says in one message that a forced backend is not there, and ends with 1', async () => {
  const runner = new RunnerClient(new Workplace(), { TFSWEEP_BACKEND: 'abacus' });
  expect(await runner.ready).toEqual({
    type: 'unusable',
    message: expect.stringMatching(/abacus does not work here\. Known are node-gpu, node, webgpu, wasm, cpu/),
  });
  expect(await runner.exited).toBe(1);
});

it('ends when its agent has gone', async () => {
  const runner = new RunnerClient(new Workplace());
  await runner.ready;
  runner.disconnect();
  expect(await runner.exited).toBe(0);
});
