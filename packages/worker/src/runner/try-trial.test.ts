import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, PROTOCOL_VERSION, type TryOptions } from '@tfsweep/orchestrator/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testBackend } from '../backends/testing/test-backend.ts';
import { tryTrial } from './try-trial.ts';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tfsweep-try-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function options(body: string, onReport: TryOptions['onReport']): TryOptions {
  const modulePath = join(folder, `train-${body.length}.ts`);
  writeFileSync(
    modulePath,
    `import { defineTrainer } from '@tfsweep/worker/trainer';
export default defineTrainer({
  async train({ report, checkpoint, tf }) {
    ${body}
  },
});
`,
  );
  const job: Job = {
    protocol: PROTOCOL_VERSION,
    sweep: 'a0e0d1de-9d8c-4f0a-8d0e-3b7f6a3f2c11',
    sweepName: 'try',
    trial: 0,
    attempt: 1,
    params: {},
    seed: 1,
    trainer: { kind: 'module', path: 'train.ts', sha256: '0'.repeat(64), args: {} },
    root: 'r',
    budget: { unit: 'epochs', from: 0, to: 1 },
    timeLimitMs: null,
    stopGraceMs: 1000,
    checkpointEvery: null,
    checkpoint: null,
  };
  return {
    job,
    rootDir: folder,
    modulePath,
    dir: join(folder, '.tfsweep'),
    backend: testBackend('cpu'),
    onReport,
  };
}

it('runs one step of a trainer that looks at no budget, in this process, and leaves nothing on disk', async () => {
  const reports: unknown[] = [];
  const onReport: TryOptions['onReport'] = (step, values) => reports.push([step, values]);
  const result = await tryTrial(
    options('for (let s = 1; s < 50; s++) await report(s, { loss: NaN });', onReport),
  );
  expect(result).toEqual({ backend: testBackend('cpu'), outcome: { kind: 'complete', values: {} } });
  expect(reports).toEqual([[1, { loss: Number.NaN }]]);
  expect(existsSync(join(folder, '.tfsweep'))).toBe(false);
});

it('gives back the whole stack of what the trainer threw', async () => {
  const { outcome } = await tryTrial(options(`throw new TypeError('wrong shape');`, () => {}));
  expect(outcome).toMatchObject({
    kind: 'failed',
    error: {
      kind: 'throw',
      message: 'wrong shape',
      stack: expect.stringMatching(/^TypeError: wrong shape\n.*at .*train-\d+\.ts:4/),
      at: expect.stringMatching(/^train-\d+\.ts:4:/),
    },
  });
});
