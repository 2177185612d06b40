import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A stamp says for which inputs a step of set-up was last carried out to its end: one small file per step, written
 * only after success. A step whose inputs still have that fingerprint is skipped.
 */
export class Stamp {
  #file;

  /**
   * @param {string} folder
   * @param {string} name
   */
  constructor(folder, name) {
    this.#file = join(folder, `${name}.stamp`);
  }

  /** @param {string} fingerprint */
  matches(fingerprint) {
    try {
      return readFileSync(this.#file, 'utf8') === fingerprint;
    } catch {
      return false;
    }
  }

  /**
   * Renamed into place: a reader never sees half a stamp.
   * @param {string} fingerprint
   */
  write(fingerprint) {
    mkdirSync(join(this.#file, '..'), { recursive: true });
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, fingerprint);
    renameSync(draft, this.#file);
  }

  /** Before the work starts: an interrupted step must run again. */
  clear() {
    rmSync(this.#file, { force: true });
  }
}

/** @param {readonly string[]} parts */
export function fingerprintOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('hex');
}

/**
 * The text of each file, with its name; a missing file counts as such.
 * @param {string} root
 * @param {readonly string[]} paths
 * @returns {string[]}
 */
export function fileContents(root, paths) {
  return paths.flatMap((path) => {
    try {
      return [path, readFileSync(join(root, path), 'utf8')];
    } catch {
      return [path, 'missing'];
    }
  });
}

/**
 * Path, size and time of change of every file at or below these paths: cheap, and enough to see any edit.
 * @param {string} root
 * @param {readonly string[]} paths
 * @param {(path: string) => boolean} [counts] which files matter
 * @returns {string[]}
 */
export function fileStates(root, paths, counts = () => true) {
  return paths.flatMap((path) => {
    const state = statSync(join(root, path), { throwIfNoEntry: false });
    if (state === undefined) return [`${path} missing`];
    if (!state.isDirectory()) return counts(path) ? [`${path} ${state.size} ${state.mtimeMs}`] : [];
    const names = readdirSync(join(root, path)).sort();
    return fileStates(
      root,
      names.map((name) => `${path}/${name}`),
      counts,
    );
  });
}
