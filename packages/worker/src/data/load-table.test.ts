import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadBackend } from '../backends/load-backend.ts';
import { testBackend } from '../backends/testing/test-backend.ts';
import type { Tf } from '../backends/tf.ts';
import { loadTable, type TableRequest } from './load-table.ts';
import type { PreparedData } from './prepared-data.ts';

let tf: Tf;
let folder: string;
beforeAll(async () => {
  tf = (await loadBackend(testBackend('cpu'))).tf;
  folder = mkdtempSync(join(tmpdir(), 'tfsweep-csv-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string, options: Partial<TableRequest> = {}): Promise<PreparedData> {
  const path = join(folder, 'rows.csv');
  writeFileSync(path, text);
  return loadTable(tf, {
    path,
    name: 'rows.csv',
    target: 'y',
    format: { type: 'csv', delimiter: ',' },
    exclude: [],
    columns: {},
    missing: 'mean',
    missing_indicator: false,
    validation: 0.25,
    split: { type: 'random', seed: 0 },
    leaks: 'warn',
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
  const semicolon = { type: 'csv', delimiter: ';' } as const;
  const text = `\uFEFF${lines(
    'id;a;b;y',
    eight((row) => `${row};${row};"x;${row % 2}";${row % 2}`),
  )}`;
  expect((await load(text, { format: semicolon, exclude: ['id'] })).inputShape).toEqual([3]);
  expect((await load(text, { format: semicolon, features: ['b'] })).inputShape).toEqual([2]);
});

it('reads JSON lines as the table that they are', async () => {
  const objects = eight((row) =>
    JSON.stringify({
      a: row * row,
      ...(row === 2 ? {} : { colour: row % 2 ? 'red' : 'blue' }),
      y: row % 2 === 0,
    }),
  );
  const fromJson = await load(`${objects.join('\n')}\n\n`, { format: { type: 'jsonl' } });
  const fromCsv = await load(
    lines(
      'a,colour,y',
      eight((row) => `${row * row},${row === 2 ? '' : row % 2 ? 'red' : 'blue'},${row % 2 === 0}`),
    ),
  );
  expect(await rowsOf(fromJson)).toEqual(await rowsOf(fromCsv));
  expect(fromJson).toMatchObject({ task: 'binary', classNames: ['false', 'true'] });
  for (const [text, message] of [
    ['{"a":1,"y":0}\n{"a":', /rows\.csv, line 2: this is no JSON/],
    ['{"a":1,"y":0}\n[1,2]', /line 2: a line holds an object/],
    ['{"a":[1],"y":0}\n', /line 1, key "a": a value is a number, a text/],
    ['\n', /is empty/],
  ] as const) {
    await expect(load(text, { format: { type: 'jsonl' } })).rejects.toThrow(message);
  }
});

it('takes numbers for names, and dates for days, where the types say so', async () => {
  const dates = [
    '2026-01-01',
    '2026-01-02',
    '2026-01-03T12:00',
    '2026-01-04 00:00',
    '2026-01-05',
    '2026-01-06',
  ];
  const text = lines(
    'zip,day,y',
    dates.map((date, row) => `${[89073, 10115, 50667][row % 3]},${date},${row % 2}`),
  );
  const guessed = await load(text.replaceAll(/,2026[^,]*/g, ',1'));
  expect(guessed.inputShape).toEqual([2]);
  const data = await load(text, { columns: { zip: 'categorical', day: 'date' }, validation: 0.1 });
  expect(data.inputShape).toEqual([4]);
  const days = (await rowsOf(data)).map(({ x }) => x[3]!).sort((a, b) => a - b);
  // One day apart but for the half one.
  const gaps = days.slice(1).map((day, i) => (day - days[i]!) / (days[1]! - days[0]!));
  for (const [i, gap] of [1, 1.5, 0.5, 1, 1].entries()) expect(gaps[i]).toBeCloseTo(gap, 4);
});

it('says how each input is made of a row, so that a trained model can be used on new ones', async () => {
  const table = [
    ['2026-01-01', '1', 'red', '2.5'],
    ['2026-01-02', '', 'blue', '4.1'],
    ['2026-01-05', '3', '', '1.7'],
    ['2026-01-06', '8', 'red', '9.2'],
    ['2026-01-09', '2', 'green', '0.3'],
    ['2026-01-11', '', 'blue', '5.5'],
  ];
  const names = ['day', 'size', 'colour', 'y'];
  const text = lines(
    names.join(),
    table.map((cells) => cells.join()),
  );
  for (const missing of ['mean', 'median', 'zero'] as const) {
    const data = await load(text, { missing, missing_indicator: true, columns: { day: 'date' } });
    const { inputs, target } = data.source;
    if (!('mean' in target)) throw new Error('a regression has a mean');
    const expected = table.map((cells) => {
      const x = inputs.map((input) => {
        const cell = cells[names.indexOf(input.column)]!;
        if (input.kind === 'missing') return cell === '' ? 1 : 0;
        if (input.kind === 'category') return cell === (input.category ?? '') ? 1 : 0;
        const number = input.column === 'day' ? Date.parse(cell) / 86_400_000 : Number(cell);
        return ((cell === '' ? input.missing : number) - input.mean) / input.deviation;
      });
      return [...x, (Number(cells[3]) - target.mean) / target.deviation];
    });
    const shown = (rows: number[][]): string[] =>
      rows.map((row) => row.map((value) => (value + 0).toFixed(3).replace('-0.000', '0.000')).join()).sort();
    const rows = await rowsOf(data);
    expect(shown(rows.map(({ x, y }) => [...x, ...y]))).toEqual(shown(expected));
    expect(inputs.some(({ kind }) => kind === 'missing')).toBe(true);
  }
});

it('fills in, drops or refuses what is missing, as it is told', async () => {
  const cells = ['1', '', '3', '4', '?', '100', '6', '7'];
  const text = lines(
    'a,b,y',
    cells.map((cell, row) => `${cell},${row},${row % 2}`),
  );
  const filler = async (missing: TableRequest['missing']): Promise<number> => {
    const rows = await rowsOf(await load(text, { missing, validation: 0.01, features: ['a'] }));
    const known = rows.map(({ x }) => x[0]!).sort((p, q) => p - q);
    const unknown = rows.filter(({ x }, i) => rows.some((other, j) => i !== j && other.x[0] === x[0]));
    return (unknown[0]!.x[0]! - known[0]!) / (known.at(-1)! - known[0]!);
  };
  // Of 1, 3, 6, 7 and 100 (4 validates) the median is near the bottom, the mean further up.
  expect(await filler('median')).toBeLessThan(0.07);
  expect(await filler('mean')).toBeGreaterThan(0.1);
  expect((await load(text, { missing: 'drop' })).source.rows).toEqual({ training: 4, validation: 2 });
  await expect(load(text, { missing: 'error' })).rejects.toThrow(/line 3, column "a": a value is missing/);
  const flagged = await load(text, { missing_indicator: true });
  expect(flagged.inputShape).toEqual([3]);
  expect((await rowsOf(flagged)).filter(({ x }) => x[1] === 1)).toHaveLength(2);
});

it('splits by a column and learns nothing from it', async () => {
  const text = lines(
    'a,shop,y',
    Array.from({ length: 40 }, (_, row) => `${row},s${row % 5},${row % 2}`),
  );
  const byGroup = await load(text, { split: { type: 'group', column: 'shop', seed: 0 } });
  expect(byGroup.inputShape).toEqual([1]);
  expect(byGroup.source.rows.validation).toBe(16);
  const byTime = await load(text, { split: { type: 'time', column: 'a', seed: 0 }, validation: 0.25 });
  expect(byTime.source).toMatchObject({ rows: { training: 30, validation: 10 }, features: ['shop'] });
  await expect(load(text, { split: { type: 'group', column: 'stop', seed: 0 } })).rejects.toThrow(
    /split names "stop", which is no column/,
  );
});

it('finds rows that stand on both sides, and leaves them out where it should', async () => {
  const rows = Array.from({ length: 40 }, (_, row) => `${row % 10},${(row % 10) % 2}`);
  const text = lines('a,y', rows);
  const [note] = (await load(text)).source.notes;
  expect(note).toMatch(
    /^10 of 10 validation rows of rows\.csv have a copy in the training part \(line \d+ and line \d+ are one\)\. Write/,
  );
  const dropped = await load(text, { leaks: 'drop' });
  const seen = await rowsOf(dropped);
  const held = seen.filter(({ part }) => part === 'validation').map(({ x }) => x[0]!.toFixed(3));
  const trained = seen.filter(({ part }) => part === 'train').map(({ x }) => x[0]!.toFixed(3));
  expect(held.filter((x) => trained.includes(x))).toEqual([]);
  expect(trained.length + held.length).toBeLessThan(40);
  await expect(load(text, { leaks: 'error' })).rejects.toThrow(/`leaks: error` allows none/);
  expect((await load(lines('a,y', rows.slice(0, 10)))).source.notes).toEqual([]);
});

it('tells data by their content', async () => {
  const text = lines('a,y', ['1,0', '2,1', '3,0']);
  const { sha256 } = (await load(text)).source;
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect((await load(text)).source.sha256).toBe(sha256);
  expect((await load(`${text}4,1\n`)).source.sha256).not.toBe(sha256);
});

it.each<[string, string, RegExp, Partial<TableRequest>?]>([
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
