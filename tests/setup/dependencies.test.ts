import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { importsOf, manifests, read, sourceFiles } from './workspace.ts';

/** Named in no import: found by name at run time, or run as a program. */
const USED_OTHERWISE = new Set([
  '@tensorflow/tfjs-backend-cpu',
  '@types/better-sqlite3',
  '@types/node',
  '@tfsweep/dashboard',
  '@tfsweep/worker',
]);

const packages = manifests().map(({ folder, manifest }) => ({
  folder,
  declared: [
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.devDependencies ?? {}),
    ...Object.keys(manifest.optionalDependencies ?? {}),
  ],
}));
const declared = new Set(packages.flatMap((entry) => entry.declared));
const external = [...declared].filter((name) => !name.startsWith('@tfsweep/')).sort();

it('gives a reason for each dependency, and for nothing that is none', () => {
  const explained = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name!);
  expect([...explained].sort()).toEqual(external);
});

it.each(packages)('declares in "$folder" only what is used there', ({ folder, declared: names }) => {
  const files =
    folder === ''
      ? ['scripts', 'tests', 'benchmarks'].flatMap(sourceFiles).concat('vitest.config.ts')
      : sourceFiles(folder);
  const used = new Set(files.flatMap(importsOf).map(({ specifier }) => packageName(specifier)));
  const unused = names.filter(
    (name) => !used.has(name) && !USED_OTHERWISE.has(name) && !isNamedIn(files, name),
  );
  expect(unused).toEqual([]);
});

it('has every dependency of every package in the lockfile, at one version', () => {
  const lock = parse(read('pnpm-lock.yaml')) as {
    importers: Record<string, Record<string, Record<string, { version: string }>>>;
  };
  for (const { folder, declared: names } of packages) {
    const importer = lock.importers[folder === '' ? '.' : folder] ?? {};
    const locked = Object.assign(
      {},
      importer.dependencies,
      importer.devDependencies,
      importer.optionalDependencies,
    );
    expect(Object.keys(locked).sort()).toEqual([...names].sort());
  }
});

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** As a literal: programs that scripts start, packages that are probed by name. */
function isNamedIn(files: readonly string[], name: string): boolean {
  return files.some((path) => new RegExp(`['"\`]${name}['"\`/]`).test(read(path)));
}
