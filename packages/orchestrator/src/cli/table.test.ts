import { describe, expect, it } from 'vitest';
import { csvLine } from './csv.ts';
import { sparkline } from './sparkline.ts';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'n', align: 'right' },
  { title: 'name' },
  { title: 'score', align: 'right' },
];

describe('renderTable', () => {
  it('aligns columns under their titles', () => {
    expect(
      renderTable(
        COLUMNS,
        [
          ['1', 'adam', '0.5'],
          ['10', 'sgd', '12.25'],
        ],
        80,
      ),
    ).toEqual([' n  name  score', ' 1  adam    0.5', '10  sgd   12.25']);
  });

  it.each([80, 40, 24, 18, 12, 8])('is never wider than %d columns', (width) => {
    const rows = [
      ['1', 'a rather long name of something', '0.5'],
      ['2', 'short', '12345678'],
    ];
    const lines = renderTable(COLUMNS, rows, width);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines).toHaveLength(3);
  });

  it('cuts text before it leaves columns out, and shows both', () => {
    const [, line] = renderTable(COLUMNS, [['1', 'a rather long name', '0.5']], 20);
    expect(line).toBe('1  a rather …    0.5');
    expect(renderTable(COLUMNS, [['1', 'a rather long name', '0.5']], 12)).toEqual([
      'n  name    …',
      '1  a rat…  …',
    ]);
  });

  it('keeps foreign text from steering the terminal', () => {
    const [, line] = renderTable(COLUMNS, [['1', '\u001b[31mred\u001b[0m\u0007\r\nnext\u009b2J', 'x']], 80);
    expect(line).not.toMatch(/\p{Cc}/u);
    expect(line).toContain('red next');
  });

  it('colours cells without disturbing their alignment', () => {
    const columns = [
      { title: 'state', paint: (cell: string, row: number) => `<${row}:${cell}>` },
      { title: 'n' },
    ];
    expect(
      renderTable(
        columns,
        [
          ['a', '1'],
          ['long one', '2'],
        ],
        80,
      ),
    ).toEqual(['state     n', '<0:a       >  1', '<1:long one>  2']);
  });
});

describe('csvLine', () => {
  it('quotes what RFC 4180 wants quoted, and changes nothing else', () => {
    expect(csvLine(['a', 1.5, null, '', 'b,c', 'say "hi"', 'two\nlines', ' edge', '=1+1'])).toBe(
      'a,1.5,,"","b,c","say ""hi""","two\nlines"," edge",=1+1\r\n',
    );
  });
});

describe('sparkline', () => {
  it('draws a curve from its lowest to its highest value', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, 5])).toBe('▅▅');
    expect(sparkline([0, Number.NaN, 1])).toBe('▁×█');
    expect(sparkline([])).toBe('');
  });

  it('keeps to its width and ends with the last value', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => (i === 999 ? 10 : 0));
    expect(sparkline(values, 20)).toBe(`${'▁'.repeat(19)}█`);
  });
});
