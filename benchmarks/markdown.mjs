/**
 * A Markdown table whose columns are also aligned on a terminal.
 * @param {readonly string[]} head
 * @param {ReadonlyArray<readonly string[]>} rows
 * @returns {string}
 */
export function table(head, rows) {
  const widths = head.map((cell, i) => Math.max(3, ...[cell, ...rows.map((row) => row[i] ?? '')].map(width)));
  /** @param {readonly string[]} cells */
  const line = (cells) => `| ${cells.map((cell, i) => pad(cell, widths[i], i > 0)).join(' | ')} |`;
  const rule = `|${widths.map((w, i) => (i > 0 ? `${'-'.repeat(w + 1)}:` : '-'.repeat(w + 2))).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** @param {string} cell */
const width = (cell) => [...cell].length;

/**
 * @param {string} cell
 * @param {number} to
 * @param {boolean} right
 */
function pad(cell, to, right) {
  const space = ' '.repeat(Math.max(0, to - width(cell)));
  return right ? space + cell : cell + space;
}
