import { statSync } from 'node:fs';
import { join } from 'node:path';
import { referencedParameters } from '../protocol/references.ts';
import type { IssueList, Path } from './config-error.ts';
import { readCsvHeader } from './csv-header.ts';
import { didYouMean } from './nearest.ts';
import { descend, placeOf, type Tree, toPlain } from './source-tree.ts';
import type { TrainerConfig } from './sweep-config.ts';
import { insideFolder, reportOutside } from './trainer.ts';

/**
 * The files that the trainer names: in the config's folder or below, and there.
 * @param configDir null: nothing is looked up (a text without a file).
 */
export function checkTrainerFiles(
  trainer: TrainerConfig,
  root: Tree,
  configDir: string | null,
  issues: IssueList,
): void {
  if (trainer.kind === 'module') {
    if (configDir !== null) isThere(join(configDir, trainer.module), ['trainer', 'module'], root, issues);
    return;
  }
  for (const format of ['csv', 'jsonl']) {
    const path = ['trainer', 'dataset', format];
    const part = descend(root, path);
    const file = part === undefined ? undefined : toPlain(part);
    if (typeof file !== 'string' || file === '' || referencedParameters(file).size > 0) continue;
    const inside = insideFolder(file.replaceAll('\\', '/'));
    if (inside === null) {
      reportOutside(root, path, file, issues);
    } else if (
      configDir !== null &&
      isThere(join(configDir, inside), path, root, issues) &&
      format === 'csv'
    ) {
      // The keys of JSON lines are only known once all of them are read, by the worker.
      checkColumns(join(configDir, inside), root, issues);
    }
  }
}

export function isThere(file: string, path: Path, root: Tree, issues: IssueList): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) return true;
  issues.add(
    placeOf(root, path),
    path,
    found === undefined ? `no such file: ${file}` : `not a file: ${file}`,
  );
  return false;
}

function checkColumns(file: string, root: Tree, issues: IssueList): void {
  const dataset = descend(root, ['trainer', 'dataset'])!;
  const delimiter = descend(dataset, ['delimiter']);
  const character = delimiter === undefined ? ',' : toPlain(delimiter);
  if (typeof character !== 'string' || character.length !== 1) return;
  const columns = readCsvHeader(file, character);
  const check = (path: Path): void => {
    const part = descend(root, path);
    const name = part === undefined ? undefined : toPlain(part);
    if (
      typeof name !== 'string' ||
      name === '' ||
      columns.includes(name) ||
      referencedParameters(name).size > 0
    )
      return;
    const list = columns.length > 20 ? `${columns.slice(0, 20).join(', ')}, …` : columns.join(', ');
    issues.add(
      placeOf(root, path),
      path,
      `no column \`${name}\` in ${file}${didYouMean(name, columns) || `; it has ${list}`}`,
    );
  };
  for (const key of ['target', 'sample_weight']) check(['trainer', 'dataset', key]);
  check(['trainer', 'dataset', 'split', 'column']);
  for (const key of ['features', 'exclude']) {
    const list = descend(dataset, [key]);
    if (list?.kind === 'list') for (const i of list.items.keys()) check(['trainer', 'dataset', key, i]);
  }
}
