import { closeSync, openSync, readSync } from 'node:fs';

/** A header longer than this is no header. */
const MAX_HEADER_BYTES = 65_536;

/**
 * The column names of a CSV file: its first line, RFC 4180 quotes taken away.
 * @throws when the file can't be read (Node's own error).
 */
export function readCsvHeader(path: string, delimiter: string): string[] {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(MAX_HEADER_BYTES);
    const text = buffer.toString('utf8', 0, readSync(file, buffer)).replace(/^\uFEFF/, '');
    return parseCsvLine(text.split(/\r?\n/, 1)[0] ?? '', delimiter);
  } finally {
    closeSync(file);
  }
}

/** The cells of one line. A quoted cell may hold delimiters and doubled quotes, not line breaks. */
export function parseCsvLine(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quoted && char === '"' && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (char === '"' && (quoted || cell.trim() === '')) {
      if (!quoted) cell = '';
      quoted = !quoted;
    } else if (char === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else {
      cell += char;
    }
  }
  cells.push(cell.trim());
  return cells;
}
