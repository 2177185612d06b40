import { TfsweepError } from '../errors.ts';
import type { Place } from './source-tree.ts';

export interface ConfigIssue {
  /** From 1; 0 for what came by `--set`. */
  readonly line: number;
  readonly column: number;
  /** `parameters.dropout.max`; '' for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** `--set key=value`, where that is what is wrong. */
  readonly flag?: string;
}

/** A sweep file that can't be used: all that is wrong with it, in the order of the file. */
export class ConfigError extends TfsweepError {
  readonly issues: readonly ConfigIssue[];

  constructor(fileName: string, issues: readonly ConfigIssue[], options: { cause?: unknown } = {}) {
    super('CONFIG_INVALID', issues.map((issue) => formatIssue(fileName, issue)).join('\n'), {
      exitCode: 2,
      cause: options.cause,
    });
    this.issues = issues;
  }
}

function formatIssue(fileName: string, issue: ConfigIssue): string {
  const where = issue.flag ?? `${fileName}:${issue.line}:${issue.column}`;
  return `${where}: ${issue.path === '' ? '' : `${issue.path}: `}${issue.message}`;
}

/** Editors stop being useful long before; a file of garbage must not fill the terminal. */
const MAX_ISSUES = 50;

export type Path = readonly (string | number)[];

/** Where the checks put what they find. */
export class IssueList {
  readonly #issues: ConfigIssue[] = [];

  add(place: Place, path: Path, message: string): void {
    const issue = { line: place.line, column: place.column, path: path.join('.'), message };
    const same = this.#issues.some(
      (other) =>
        other.line === issue.line &&
        other.column === issue.column &&
        other.path === issue.path &&
        other.message === message,
    );
    if (!same) this.#issues.push(place.flag === null ? issue : { ...issue, flag: place.flag });
  }

  get isEmpty(): boolean {
    return this.#issues.length === 0;
  }

  /** True where something at or below this path is wrong: what depends on it is not checked. */
  touches(path: Path): boolean {
    const prefix = path.join('.');
    return this.#issues.some((issue) => issue.path === prefix || issue.path.startsWith(`${prefix}.`));
  }

  /** In the order of the file, flags last. */
  throwIfAny(fileName: string): void {
    if (this.isEmpty) return;
    const sorted = this.#issues.toSorted(
      (a, b) =>
        Number(a.flag !== undefined) - Number(b.flag !== undefined) || a.line - b.line || a.column - b.column,
    );
    const shown = sorted.slice(0, MAX_ISSUES);
    const last = shown.at(-1)!;
    if (sorted.length > MAX_ISSUES) {
      shown.push({ ...last, path: '', message: `and ${sorted.length - MAX_ISSUES} more errors` });
    }
    throw new ConfigError(fileName, shown);
  }
}
