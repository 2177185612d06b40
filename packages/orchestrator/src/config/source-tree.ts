import type { Path } from './config-error.ts';

/** Where something stands: in the file, or in a `--set`. */
export interface Place {
  /** From 1; 0 for a flag. */
  readonly line: number;
  readonly column: number;
  readonly flag: string | null;
}

export type Scalar = string | number | boolean | null;

/** Names that reach into JavaScript's objects; never keys. */
export const HOSTILE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What was read, with its places: the YAML document with aliases put in and keys made plain. */
export type Tree =
  | {
      readonly kind: 'scalar';
      readonly value: Scalar;
      /** As it stands in the YAML file, without quotes; null where the spelling says nothing (JSON, `--set`). */
      readonly spelling: string | null;
      readonly place: Place;
    }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly place: Place }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Entry>; readonly place: Place };

export interface Entry {
  readonly key: Place;
  readonly value: Tree;
}

/** The plain value: what the schema checks. */
export function toPlain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.map(toPlain);
    case 'map': {
      const result: Record<string, unknown> = {};
      for (const [key, entry] of tree.entries) result[key] = toPlain(entry.value);
      return result;
    }
  }
}

export function child(tree: Tree | undefined, key: string | number): Tree | undefined {
  if (tree?.kind === 'map') return tree.entries.get(String(key))?.value;
  if (tree?.kind === 'list' && typeof key === 'number') return tree.items[key];
  return undefined;
}

export function descend(tree: Tree, path: Path): Tree | undefined {
  let current: Tree | undefined = tree;
  for (const key of path) current = child(current, key);
  return current;
}

/** The value at the path, else the nearest thing above it that is there. */
export function placeOf(tree: Tree, path: Path): Place {
  let current = tree;
  for (const key of path) {
    const next = child(current, key);
    if (next === undefined) break;
    current = next;
  }
  return current.place;
}

/** The key of the last segment, else as `placeOf`. */
export function placeOfKey(tree: Tree, path: Path): Place {
  const parent = descend(tree, path.slice(0, -1));
  const entry = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1))) : undefined;
  return entry?.key ?? placeOf(tree, path);
}

export function keysOf(tree: Tree | undefined): readonly string[] {
  return tree?.kind === 'map' ? [...tree.entries.keys()] : [];
}

const SHOWN = 60;

/** The value as a person would write it, shortened. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (null)';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
