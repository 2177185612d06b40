import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../setup/workspace.ts';

const DIST = join(ROOT, 'packages/orchestrator/dist');

/** Every file of the build that importing `entry` loads, and every package or builtin beside them. */
function loadedBy(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = [join(DIST, entry)];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    const imports = readFileSync(path, 'utf8').matchAll(
      /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/gm,
    );
    for (const [, from, bare, called] of imports) {
      const specifier = (from ?? bare ?? called)!;
      if (specifier.startsWith('.')) open.push(join(dirname(path), specifier));
      else packages.add(specifier);
    }
  }
  return { files: [...files].map((path) => relative(DIST, path)), packages: [...packages].sort() };
}

it.each(['study/index.js', 'protocol/index.js'])('%s loads without better-sqlite3', (entry) => {
  expect(loadedBy(entry).packages).not.toContain('better-sqlite3');
});

it('loads the search engine without any package and without a Node builtin', () => {
  const { files, packages } = loadedBy('study/index.js');
  expect(packages).toEqual([]);
  expect(files).toContain('samplers/tpe.js');
  const folders = [...new Set(files.map((path) => path.split('/')[0]))].filter(
    (name) => name !== 'errors.js',
  );
  const pure = ['analysis', 'objectives', 'samplers', 'schedulers', 'space', 'statistics', 'study'];
  expect(folders.filter((name) => !pure.includes(name!) && name !== 'config')).toEqual([]);
  expect(files.filter((path) => path.startsWith('config/'))).toEqual(['config/nearest.js']);
});

it('sees what a file loads: the store needs its database', () => {
  expect(loadedBy('store/index.js').packages).toContain('better-sqlite3');
});
