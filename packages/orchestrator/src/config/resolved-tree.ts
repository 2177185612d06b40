import { referencedParameters, resolveReferences } from '../protocol/references.ts';
import type { Params } from '../space/types.ts';
import type { Entry, Scalar, Tree } from './source-tree.ts';

export interface ResolvedTree {
  readonly tree: Tree;
  /** What in the file each part of `tree` is made of. */
  readonly origins: ReadonlyMap<Tree, Tree>;
}

/** `resolveReferences` on a tree with places: what is wrong with the result can be traced to the file. */
export function resolveTree(template: Tree, params: Params): ResolvedTree {
  const origins = new Map<Tree, Tree>();
  const remember = (made: Tree, from: Tree): Tree => {
    origins.set(made, from);
    return made;
  };
  const resolve = (part: Tree): Tree => {
    if (part.kind === 'list') {
      return remember(
        { ...part, items: part.items.filter((item) => !isLeftOut(item, params)).map(resolve) },
        part,
      );
    }
    if (part.kind === 'map') {
      const entries = new Map<string, Entry>();
      for (const [key, entry] of part.entries) {
        if (!isLeftOut(entry.value, params))
          entries.set(key, { key: entry.key, value: resolve(entry.value) });
      }
      return remember({ ...part, entries }, part);
    }
    return remember({ ...part, value: resolveReferences(part.value, params) as Scalar }, part);
  };
  return { tree: resolve(template), origins };
}

/** Whether the value holds a reference to a parameter that is absent. */
export function isLeftOut(part: Tree, params: Params): boolean {
  return (
    part.kind === 'scalar' &&
    typeof part.value === 'string' &&
    resolveReferences(part.value, params) === undefined
  );
}

/** Names that stand in this very text. */
export function referencesIn(part: Tree | undefined): readonly string[] {
  return part?.kind === 'scalar' ? [...referencedParameters(part.value)] : [];
}

/** Every text with its path, top down. */
export function* textsOf(
  tree: Tree,
  path: readonly (string | number)[] = [],
): Generator<{ readonly text: string; readonly path: readonly (string | number)[]; readonly part: Tree }> {
  if (tree.kind === 'scalar') {
    if (typeof tree.value === 'string') yield { text: tree.value, path, part: tree };
  } else if (tree.kind === 'list') {
    for (const [i, item] of tree.items.entries()) yield* textsOf(item, [...path, i]);
  } else {
    for (const [key, entry] of tree.entries) yield* textsOf(entry.value, [...path, key]);
  }
}
