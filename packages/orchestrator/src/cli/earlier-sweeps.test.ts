import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { parseConfig } from '../config/index.ts';
import { openStore } from '../store/index.ts';
import { runTrial, sampleConfig, tempDir } from '../store/testing/sample-sweeps.ts';
import { earlierSweeps } from './earlier-sweeps.ts';

afterEach(() => vi.restoreAllMocks());

const config = (sweeps: string, more = '') =>
  parseConfig(
    `trainer: {module: ./train.ts}
method: bayes
run_cap: 5
metric: {name: val_accuracy, goal: maximize}
parameters:
  learning_rate: {min: 0.0, max: 1.0}
warm_start: {sweeps: ${sweeps}${more}}
`,
    'sweep.yaml',
  ).config;

async function folderWith(...names: string[]): Promise<string> {
  const dir = join(tempDir(), '.tfsweep');
  const store = openStore(dir, { create: true });
  for (const name of names) {
    const sweep = await store.createSweep({ config: sampleConfig({ name }), source: '', configDir: '' });
    const writer = await store.claim(sweep.id);
    await writer.transaction((tx) => {
      runTrial(tx, 0, { metrics: [0.2, 0.4] });
      runTrial(tx, 1, { metrics: [0.9], end: 'pruned' });
      runTrial(tx, 2, { metrics: [0.7] });
    });
    await writer.release();
  }
  store.close();
  return dir;
}

it('takes the complete trials of each named sweep, in the order of the file', async () => {
  const dir = await folderWith('digits-small', 'digits-large');
  const taken = earlierSweeps(dir, config('[digits-large, digits-small]'));
  expect(taken.map(({ name, trials }) => [name, trials.map(({ loss }) => loss)])).toEqual([
    ['digits-large', [-0.4, -0.7]],
    ['digits-small', [-0.4, -0.7]],
  ]);
  expect(taken[0]!.trials[0]!.params).toEqual({ learning_rate: 0.01, units: 32, optimizer: 'adam' });
});

it('reads no folder where nothing is named', () => {
  expect(earlierSweeps('/nowhere', config('[]'))).toEqual([]);
});

it('names the nearest sweep where there is none of that name, and where to begin in an empty folder', async () => {
  const dir = await folderWith('digits-small');
  expect(() => earlierSweeps(dir, config('[digits-smal]'))).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining('Did you mean digits-small?') }),
  );
  expect(() => earlierSweeps(join(tempDir(), 'x'), config('[digits-small]'))).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining('Launch that sweep first') }),
  );
});

it('goes on without what is not there where the file says so, and says that', async () => {
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => said.push(String(line)) > 0);
  const skip = config('[digits-smal, digits-small]', ', if_missing: skip');
  const dir = await folderWith('digits-small');
  expect(earlierSweeps(dir, skip).map(({ name }) => name)).toEqual(['digits-small']);
  expect(said.join('')).toContain('there is no sweep digits-smal in ');
  expect(earlierSweeps(join(tempDir(), 'x'), skip)).toEqual([]);
});
