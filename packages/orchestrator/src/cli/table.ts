import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly title: string;
  /** Numbers stand right. Default: left. */
  readonly align?: 'left' | 'right';
  /** Colours a cell that has already been cut and padded. */
  readonly paint?: (cell: string, row: number) => string;
}

const GAP = '  ';
const NARROWEST = 6;
const DEFAULT_WIDTH = 100;

export function terminalWidth(): number {
  return process.stdout.columns ?? DEFAULT_WIDTH;
}

/**
 * Lines of a table with its titles on top, none longer than `width`: the widest columns of text give way first, then
 * columns at the right end are left out, which `…` says.
 */
export function renderTable(
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
  width: number = terminalWidth(),
): string[] {
  const cells = rows.map((row) => row.map(plain));
  const widths = columns.map((column, c) =>
    Math.max(column.title.length, ...cells.map((row) => (row[c] ?? '').length)),
  );
  shrink(columns, widths, width);
  const shown = fitting(widths, width);
  const isCut = shown < columns.length;
  const line = (texts: readonly string[], row: number | null): string => {
    const parts = columns.slice(0, shown).map((column, c) => {
      const cell = fitCell(texts[c] ?? '', widths[c]!, column.align ?? 'left');
      return row === null || column.paint === undefined ? cell : column.paint(cell, row);
    });
    return (isCut ? [...parts, '…'] : parts).join(GAP).trimEnd();
  };
  const titles = columns.map(({ title }) => title);
  return [line(titles, null), ...cells.map((row, index) => line(row, index))];
}

/** Text from trainers and workers may hold anything; a terminal must not act on it. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, ' ');
}

function shrink(columns: readonly Column[], widths: number[], width: number): void {
  for (let excess = total(widths) - width; excess > 0; ) {
    let widest = -1;
    for (const [c, column] of columns.entries()) {
      const canShrink = column.align !== 'right' && widths[c]! > NARROWEST;
      if (canShrink && (widest === -1 || widths[c]! > widths[widest]!)) widest = c;
    }
    if (widest === -1) return;
    widths[widest]!--;
    excess--;
  }
}

/** How many of the columns have room, beside the mark for those that have not. */
function fitting(widths: readonly number[], width: number): number {
  if (total(widths) <= width) return widths.length;
  let count = widths.length - 1;
  while (count > 1 && total(widths.slice(0, count)) + GAP.length + 1 > width) count--;
  return count;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1);
}

function fitCell(text: string, width: number, align: 'left' | 'right'): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return align === 'right' ? cut.padStart(width) : cut.padEnd(width);
}
