import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Folder relative to the root ('' for the root itself) and manifest of every package. */
export function manifests(): ReadonlyArray<{ folder: string; manifest: Manifest }> {
  const folders = ['', ...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`)];
  return folders.map((folder) => ({
    folder,
    manifest: JSON.parse(read(join(folder, 'package.json'))) as Manifest,
  }));
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.tools', '.setup', '.tfsweep', 'fixtures']);

/** Source files below a folder, relative to the root, with `/`. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourceFiles(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });
}

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Static and dynamic imports with a literal specifier, `export … from`, `import('…')` types and `require.resolve`. */
export function importsOf(path: string): Import[] {
  const text = read(path).replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  const statements = text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm);
  const calls = text.matchAll(/(?:\bimport|\brequire|\bresolve)\(\s*'([^']+)'/g);
  return [
    ...[...statements].map(([, type, specifier]) => ({
      specifier: specifier!,
      typeOnly: type !== undefined,
    })),
    ...[...calls].map(([, specifier]) => ({ specifier: specifier!, typeOnly: false })),
  ];
}
