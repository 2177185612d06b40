import type { Space } from '../space/types.ts';
import type { IssueList, Path } from './config-error.ts';
import { checkDeclarativeTrainer } from './declarative-trainer.ts';
import { moduleTrainer } from './file-schema.ts';
import { checkShape } from './schema-issues.ts';
import { descend, describeValue, keysOf, placeOf, placeOfKey, type Tree, toPlain } from './source-tree.ts';
import type { TrainerConfig } from './sweep-config.ts';
import { checkAllReferenced, checkReferences } from './trainer-references.ts';

export const MODULE_ENDINGS = /\.[cm]?[jt]s$/;

/** @returns null where there is none, or where it is in error. */
export function readTrainer(
  root: Tree,
  space: Space,
  optional: boolean,
  issues: IssueList,
): TrainerConfig | null {
  const path = ['trainer'];
  const part = descend(root, path);
  if (part === undefined) {
    if (!optional) {
      issues.add(
        placeOf(root, []),
        [],
        'required key `trainer` is missing: expected `{dataset: …, model: …}` or `{module: ./train.ts}`',
      );
    }
    return null;
  }
  if (part.kind !== 'map') {
    const value = toPlain(part);
    const hint =
      typeof value === 'string' && MODULE_ENDINGS.test(value) ? `; write \`{module: ${value}}\`` : '';
    issues.add(
      part.place,
      path,
      `expected a map with \`dataset\` and \`model\`, or with \`module\`, got ${describeValue(value)}${hint}`,
    );
    return null;
  }
  checkReferences(root, issues);
  if (part.entries.has('module')) return readModule(root, issues);
  if (!part.entries.has('dataset') && !part.entries.has('model')) {
    const keys = keysOf(part);
    const got = keys.length === 0 ? 'an empty map' : keys.join(', ');
    issues.add(
      placeOfKey(root, path),
      path,
      `expected \`dataset\` and \`model\`, or \`module: ./train.ts\`, got ${got}`,
    );
    return null;
  }
  const spaceIsSound = !issues.touches(['parameters']);
  checkDeclarativeTrainer(root, space, spaceIsSound, issues);
  checkAllReferenced(root, space, issues);
  return { kind: 'declarative', spec: toPlain(part) as Record<string, unknown> };
}

function readModule(root: Tree, issues: IssueList): TrainerConfig | null {
  const parsed = checkShape(moduleTrainer, root, ['trainer'], issues);
  if (parsed === null) return null;
  const path = ['trainer', 'module'];
  const module = parsed.module.replaceAll('\\', '/');
  if (!MODULE_ENDINGS.test(module)) {
    const python = module.endsWith('.py') ? '; a program in another language can use `tfsweep ask-tell`' : '';
    issues.add(
      placeOf(root, path),
      path,
      `expected a TypeScript or JavaScript file (.ts, .mts, .js, .mjs, .cjs), got ${describeValue(parsed.module)}${python}`,
    );
    return null;
  }
  const inside = insideFolder(module);
  if (inside === null) {
    reportOutside(root, path, parsed.module, issues);
    return null;
  }
  return { kind: 'module', module: inside, args: parsed.args ?? {} };
}

/** The path without `.` and `..`; null where it leaves the config's folder. */
export function insideFolder(path: string): string | null {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return null;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 ? null : parts.join('/');
}

export function reportOutside(root: Tree, path: Path, value: string, issues: IssueList): void {
  issues.add(
    placeOf(root, path),
    path,
    `expected a relative path in this file's folder or below, got ${describeValue(value)}: workers on other hosts know that ` +
      'folder alone. Move the sweep file to a folder that holds both, or copy or link the file into this one',
  );
}
