import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadBackend } from '../backends/load-backend.ts';
import { testBackend } from '../backends/testing/test-backend.ts';
import type { Tf } from '../backends/tf.ts';
import { type CsvRequest, loadCsv } from './csv.ts';
import type { PreparedData } from './prepared-data.ts';

let tf: Tf;
let folder: string;
beforeAll(async () => {
  tf = (await loadBackend(testBackend('cpu'))).tf;
  folder = mkdtempSync(join(tmpdir(), 'tfsweep-csv-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string, options: Partial<CsvRequest> = {}): Promise<PreparedData> {
  const path = join(folder, 'rows.csv');
  writeFileSync(path, text);
  return loadCsv(tf, {
    path,
    name: 'rows.csv',
    target: 'y',
    exclude: [],
    validation: 0.25,
    delimiter: ',',
    ...options,
  });
}

/** Inputs and targets of both parts together, row by row, with the part each is in. */
async function rowsOf(data: PreparedData): Promise<Array<{ part: string; x: number[]; y: number[] }>> {
  const rows: Array<{ part: string; x: number[]; y: number[] }> = [];
  for (const part of ['train', 'validation'] as const) {
    const xs = (await data[part].xs.array()) as number[][];
    const ys = (await data[part].ys.array()) as number[][];
    xs.forEach((x, i) => {
      rows.push({ part, x, y: ys[i]! });
    });
  }
  return rows;
}

const lines = (header: string, rows: readonly string[]): string => [header, ...rows, ''].join('\n');
const eight = (cell: (row: number) => string): string[] => Array.from({ length: 8 }, (_, row) => cell(row));

it('standardises numbers with the training rows alone, and splits every row into one part', async () => {
  const data = await load(
    lines(
      'a,y',
      eight((row) => `${row * row},${row % 2}`),
    ),
  );
  const rows = await rowsOf(data);
  expect(data).toMatchObject({ task: 'binary', inputShape: [1], outputs: 1 });
  expect(rows.map(({ part }) => part).filter((part) => part === 'validation')).toHaveLength(2);
  const training = rows.filter(({ part }) => part === 'train').map(({ x }) => x[0]!);
  const mean = training.reduce((sum, x) => sum + x, 0) / training.length;
  const variance = training.reduce((sum, x) => sum + (x - mean) ** 2, 0) / training.length;
  expect(mean).toBeCloseTo(0, 5);
  expect(variance).toBeCloseTo(1, 5);
  expect(new Set(rows.map(({ x }) => x[0]!.toFixed(5))).size).toBe(8);
});

it('splits the same file the same way each time', async () => {
  const text = lines(
    'a,y',
    eight((row) => `${row},${row % 2}`),
  );
  expect(await rowsOf(await load(text))).toEqual(await rowsOf(await load(text)));
});

it('puts the mean for a missing number, and gives missing texts a category of their own', async () => {
  const cells = ['1,red', 'NA,blue', '3,', '5,red', '?,blue', '7,red', '9,', '11,blue'];
  const rows = await rowsOf(
    await load(
      lines(
        'a,colour,y',
        cells.map((cell, row) => `${cell},${row % 2}`),
      ),
    ),
  );
  expect(rows.filter(({ x }) => x[0] === 0)).toHaveLength(2);
  for (const { x } of rows) {
    expect(x).toHaveLength(4);
    expect(x.slice(1).reduce((sum, value) => sum + value, 0)).toBe(1);
  }
});

it('makes one-hot targets of texts, in alphabetical order of the classes', async () => {
  const names = ['setosa', 'virginica', 'versicolor'];
  const data = await load(
    lines(
      'a,y',
      eight((row) => `${row % 3},${names[row % 3]}`),
    ),
  );
  expect(data).toMatchObject({ task: 'multiclass', outputs: 3 });
  const byInput = new Map((await rowsOf(data)).map(({ x, y }) => [x[0]!, y]));
  const inOrder = [...byInput].sort(([a], [b]) => a - b).map(([, y]) => y);
  expect(inOrder).toEqual([
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
});

it('takes numbers that are no labels as a regression, standardised, and keeps their unit', async () => {
  const data = await load(
    lines(
      'a,y',
      eight((row) => `${row},${100 + 10.5 * row}`),
    ),
  );
  expect(data).toMatchObject({ task: 'regression', outputs: 1 });
  const training = (await rowsOf(data)).filter(({ part }) => part === 'train').map(({ y }) => y[0]!);
  expect(training.reduce((sum, y) => sum + y, 0)).toBeCloseTo(0, 4);
  expect(data.targetScale).toBeGreaterThan(10);
});

it('obeys features, exclude, delimiter and a byte order mark', async () => {
  const text = `\uFEFF${lines(
    'id;a;b;y',
    eight((row) => `${row};${row};"x;${row % 2}";${row % 2}`),
  )}`;
  expect((await load(text, { delimiter: ';', exclude: ['id'] })).inputShape).toEqual([3]);
  expect((await load(text, { delimiter: ';', features: ['b'] })).inputShape).toEqual([2]);
});

it.each<[string, string, RegExp, Partial<CsvRequest>?]>([
  [
    'a text among numbers',
    lines('a,y', [...eight((row) => `${row},0`), '9,1', '1o,1', '11,1']),
    /rows\.csv, line 11, column "a": "1o" is no number, while 10 of its 11 values are/,
  ],
  [
    'a target that is missing',
    lines('a,y', ['1,0', '2,', '3,1']),
    /rows\.csv, line 3, column "y": the target is missing/,
  ],
  ['a target of one value', lines('a,y', ['1,5', '2,5', '3,5']), /column "y": the target is always 5/],
  [
    'a column without values',
    lines('a,b,y', ['1,,0', '2,,1', '3,,1']),
    /column "b": it has no values.*exclude: \[b\]/,
  ],
  ['a target that is no column', lines('a,z', ['1,0', '2,1']), /no column "y"\. It has: a, z/],
  ['an excluded column that is none', lines('a,y', ['1,0', '2,1']), /exclude names "q"/, { exclude: ['q'] }],
  ['a row with a cell too many', lines('a,y', ['1,0', '2,1,3']), /malformed: .*line 3/],
  ['two columns of one name', lines('a,a,y', ['1,1,0', '2,2,1']), /two columns named "a"/],
  ['nothing below the header', 'a,y\n', /needs a header line and at least two rows/],
  ['one row', lines('a,y', ['1,0']), /at least two are needed/],
  [
    'texts for a regression',
    lines('a,y', ['1,u', '2,v', '3,u']),
    /a regression needs numbers, but it has texts such as "u"/,
    { task: 'regression' },
  ],
  [
    'three values for a binary task',
    lines('a,y', ['1,0', '2,1', '3,2']),
    /a binary target has two values, this one has 3/,
    { task: 'binary' },
  ],
  ['no features', lines('a,y', ['1,0', '2,1']), /No columns of rows\.csv are left/, { exclude: ['a'] }],
])('refuses %s, and says where', async (_what, text, message, options) => {
  await expect(load(text, options)).rejects.toThrow(message);
});
