import { TfsweepError } from '../errors.ts';

export type StoreErrorCode =
  | 'STORE_EMPTY'
  | 'STORE_NEWER'
  | 'STORE_FOREIGN'
  | 'STORE_DAMAGED'
  | 'STORE_FULL'
  | 'STORE_READONLY'
  | 'STORE_UNREACHABLE'
  | 'STORE_BUSY'
  | 'STORE_DRIVER'
  | 'STORE_CLOSED'
  | 'STORE_ILLEGAL'
  | 'STORE_UNKNOWN_SWEEP';

/** Anything that the store refuses or cannot do. What was committed before stays as it was. */
export class StoreError extends TfsweepError {
  declare readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(code, message, options);
  }
}

/** A live orchestrator runs the sweep. */
export class LeaseHeldError extends TfsweepError {
  constructor(sweep: string, owner: { host: string; pid: number; heartbeatAt: number }, hint: string) {
    const seconds = Math.max(0, Math.round((Date.now() - owner.heartbeatAt) / 1000));
    super(
      'LEASE_HELD',
      `Sweep '${sweep}' is run by process ${owner.pid} on ${owner.host} (last sign of life ${seconds} s ago). ${hint}`,
    );
  }
}

/** Another orchestrator has taken the sweep while this one was away: nothing more may be written. */
export class LeaseLostError extends TfsweepError {
  constructor(sweep: string) {
    super(
      'LEASE_LOST',
      `Sweep '${sweep}' was taken over by another orchestrator, or given back. Nothing of this transaction was written.`,
    );
  }
}

/** Turns what SQLite, the driver or the file system threw into words for people. Passes everything else on as it is. */
export function explainStoreError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof TfsweepError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const explained = explainCode(code, error.message, file);
  return explained ? new StoreError(explained[0], explained[1], { cause: error }) : error;
}

function explainCode(code: string, message: string, file: string): [StoreErrorCode, string] | null {
  if (code === 'SQLITE_CONSTRAINT_TRIGGER') return ['STORE_ILLEGAL', `The store refuses this: ${message}.`];
  if (code.startsWith('SQLITE_CONSTRAINT')) return ['STORE_ILLEGAL', `The store refuses this: ${message}.`];
  if (code === 'SQLITE_NOTADB') {
    return [
      'STORE_FOREIGN',
      `${file} is not an SQLite database; it was left as it is. Move it away, or pass another folder with --dir.`,
    ];
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return [
      'STORE_DAMAGED',
      `${file} is damaged (${message}); nothing was changed. Copy the folder, then try ` +
        `\`sqlite3 ${file} .recover | sqlite3 rescued.db\`, or pass another folder with --dir.`,
    ];
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return [
      'STORE_FULL',
      `The disk that holds ${file} is full. What was committed is safe: make room, then \`tfsweep resume\`.`,
    ];
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS') {
    return ['STORE_READONLY', `${file} cannot be written (${message}). Make it writable, or pass --dir.`];
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return [
      'STORE_BUSY',
      `${file} is locked by another process (${message}). Try again once that has ended.`,
    ];
  }
  if (/^SQLITE_(CANTOPEN|IOERR|PERM|AUTH)/.test(code) || FILE_SYSTEM_CODES.has(code)) {
    return [
      'STORE_UNREACHABLE',
      `${file} cannot be opened, read or written (${message}). Check that the folder is there and is yours, or pass --dir.`,
    ];
  }
  if (code === 'ERR_DLOPEN_FAILED' || message.includes('bindings file')) {
    return [
      'STORE_DRIVER',
      `better-sqlite3 is not built for Node ${process.versions.node} on this machine: run \`npm rebuild better-sqlite3\` ` +
        '(in a clone: `npm start`).',
    ];
  }
  return null;
}

const FILE_SYSTEM_CODES = new Set([
  'EACCES',
  'EPERM',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'EIO',
  'ELOOP',
  'ENAMETOOLONG',
]);
