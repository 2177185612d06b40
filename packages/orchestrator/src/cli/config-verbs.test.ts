import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../config/index.ts';
import { tempFolder } from '../config/testing/temp-folder.ts';
import { addInitVerb } from './init.ts';
import { addSchemaVerb } from './schema.ts';
import { addTypesVerb } from './types.ts';
import { addValidateVerb } from './validate.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Runs a verb in this process. @returns what it printed on standard output */
async function run(...args: string[]): Promise<string> {
  const program = new Command('tfsweep').exitOverride();
  for (const add of [addInitVerb, addSchemaVerb, addTypesVerb, addValidateVerb]) add(program);
  const printed: string[] = [];
  const spy = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((chunk) => printed.push(String(chunk)) > 0);
  try {
    await program.parseAsync(args, { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return printed.join('');
}

describe('validate', () => {
  it('counts the points of a grid', async () => {
    const grid = join(ROOT, 'configs/grid.yaml');
    expect(await run('validate', grid)).toContain('grid, grid over 4 parameters, 12 points');
    expect(JSON.parse(await run('validate', grid, '--json'))).toMatchObject({
      method: 'grid',
      trials: 12,
      warnings: [],
    });
  });

  it('counts with flags, and refuses what they break', async () => {
    const random = join(ROOT, 'configs/random.yaml');
    expect(await run('validate', random, '--set', 'run_cap=7')).toContain('7 trials');
    await expect(run('validate', random, '--set', 'run_cap=0')).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('schema', () => {
  it('prints a JSON Schema that describes every key', async () => {
    const schema = JSON.parse(await run('schema'));
    expect(schema).toMatchObject({
      required: ['trainer', 'parameters'],
      oneOf: [{ required: ['metric'] }, { required: ['metrics'] }],
    });
    for (const [key, node] of Object.entries<{ description?: string }>(schema.properties)) {
      expect(node.description, key).toMatch(/\w/);
    }
  });
});

describe('types', () => {
  it('prints unions for choices and optional members for conditional parameters', async () => {
    const path = join(
      tempFolder({
        'a.yaml': `parameters:
  optimizer: {values: [adam, "s'gd"]}
  momentum: {min: 0.0, max: 1.0, when: {optimizer: ["s'gd"]}}
  layer.units: {values: [8, 16]}
  bias: {values: [true, null]}
  epochs: {value: 5}
`,
      }),
      'a.yaml',
    );
    expect(await run('types', path)).toBe(`/** Parameters of the sweep a, written by \`tfsweep types\`. */
export interface Params {
  optimizer: 'adam' | 's\\'gd';
  momentum?: number;
  "layer.units": 8 | 16;
  bias: true | null;
  epochs: 5;
}
`);
  });
});

describe('init', () => {
  it('writes a sweep that validates and never overwrites', async () => {
    const folder = join(tempFolder(), 'my sweep');
    const { files } = JSON.parse(await run('init', folder, '--json'));
    expect(files.map((file: string) => file.slice(folder.length + 1))).toEqual([
      'sweep.yaml',
      'train.ts',
      'tsconfig.json',
      'tfsweep.schema.json',
    ]);
    const { config, warnings } = loadConfig(join(folder, 'sweep.yaml'));
    expect(config.name).toBe('my-sweep');
    expect(warnings).toEqual([]);
    const before = readFileSync(join(folder, 'train.ts'), 'utf8');
    await expect(run('init', folder)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('already holds'),
    });
    expect(readFileSync(join(folder, 'train.ts'), 'utf8')).toBe(before);
  });

  it('writes a trainer that type-checks against the API', async () => {
    const folder = tempFolder();
    await run('init', folder);
    const { compilerOptions, include } = JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8'));
    // The sources in place of the build, which need not be there.
    const paths = {
      ...compilerOptions.paths,
      '@tfsweep/worker/trainer': [join(ROOT, 'packages/worker/src/trainers/api.ts')],
    };
    const options = { ...compilerOptions, paths, allowImportingTsExtensions: true };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include }));
    const check = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
    expect(check.stdout.toString()).toBe('');
    expect(check.status).toBe(0);
  });

  it('infers task, target and useless columns of a table', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${i};${i * 1.5};${i % 3 === 0 ? 'yes' : 'no'};${i % 2};same`,
    );
    const folder = tempFolder({ 'data/people.csv': `id;age;smoker;target;constant\n${rows.join('\n')}\n` });
    await run('init', folder, '--csv', join(folder, 'data/people.csv'));
    const { config, warnings } = loadConfig(join(folder, 'sweep.yaml'));
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      name: 'people',
      metric: { name: 'val_accuracy', goal: 'maximize' },
      trainer: {
        spec: {
          task: 'binary',
          dataset: { csv: 'data/people.csv', target: 'target', delimiter: ';', exclude: ['id', 'constant'] },
        },
      },
    });
    expect(existsSync(join(folder, 'train.ts'))).toBe(false);
  });

  it('takes a number with many values as a quantity to predict', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i % 7},${i * 10.5}`);
    const folder = tempFolder({ 'houses.csv': `rooms,price\n${rows.join('\n')}\n` });
    await run('init', '--csv', join(folder, 'houses.csv'));
    expect(loadConfig(join(folder, 'sweep.yaml')).config).toMatchObject({
      metric: { name: 'val_loss', goal: 'minimize' },
      trainer: { spec: { task: 'regression', dataset: { target: 'price' } } },
    });
  });

  it('refuses a table that it can make nothing of', async () => {
    const folder = tempFolder({ 'a.csv': 'a,b\n', 'one.csv': 'a\n1\n', 'sub/.keep': '' });
    await expect(run('init', '--csv', join(folder, 'a.csv'))).rejects.toThrow('no rows below its header');
    await expect(run('init', '--csv', join(folder, 'one.csv'))).rejects.toThrow('a single column');
    await expect(run('init', '--csv', join(folder, 'none.csv'))).rejects.toThrow("can't be used: ENOENT");
    expect(existsSync(join(folder, 'sweep.yaml'))).toBe(false);
  });

  it('copies a table from elsewhere into the folder, and overwrites none that is there', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i % 7},${i * 10.5}`);
    const folder = tempFolder({ 'houses.csv': `rooms,price\n${rows.join('\n')}\n` });
    const target = join(folder, 'sweeps', 'houses');
    await run('init', target, '--csv', join(folder, 'houses.csv'));
    expect(readFileSync(join(target, 'houses.csv'))).toEqual(readFileSync(join(folder, 'houses.csv')));
    expect(loadConfig(join(target, 'sweep.yaml')).config.trainer).toMatchObject({
      spec: { dataset: { csv: 'houses.csv', target: 'price' } },
    });

    rmSync(join(target, 'sweep.yaml'));
    rmSync(join(target, 'tfsweep.schema.json'));
    await expect(run('init', target, '--csv', join(folder, 'houses.csv'))).rejects.toThrow(
      'already holds houses.csv',
    );
  });
});
