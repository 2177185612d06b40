import type { IssueList } from './config-error.ts';
import { describeValue, type Entry, HOSTILE_KEYS, type Place, type Tree, toPlain } from './source-tree.ts';
import { readYaml } from './yaml-source.ts';

/** One `--set key.path=value`, its value read as YAML. */
export interface Override {
  readonly keyPath: string;
  readonly value: Tree;
  readonly place: Place;
}

/** @param flagName what the texts came by. */
export function readOverrides(
  set: readonly string[],
  issues: IssueList,
  flagName = '--set',
): readonly Override[] {
  const overrides: Override[] = [];
  for (const text of set) {
    const flag = `${flagName} ${text}`;
    const place: Place = { line: 0, column: 0, flag };
    const equals = text.indexOf('=');
    const keyPath = equals === -1 ? text.trim() : text.slice(0, equals).trim();
    if (equals === -1 || keyPath === '' || keyPath.split('.').includes('')) {
      issues.add(
        place,
        [],
        flagName === '--set'
          ? 'expected `key.path=value`, such as `budget.wallclock=10m`'
          : 'expected `NAME=VALUE`, such as `learning_rate=0.01`',
      );
      continue;
    }
    const hostile = keyPath.split('.').find((part) => HOSTILE_KEYS.has(part));
    if (hostile !== undefined) {
      issues.add(place, [], `\`${hostile}\` can't be a key`);
      continue;
    }
    const { tree, broken } = readYaml(text.slice(equals + 1), issues, flag);
    if (broken) continue;
    overrides.push({ keyPath, value: tree ?? { kind: 'scalar', value: null, spelling: null, place }, place });
  }
  return overrides;
}

/** A tree with the overrides put in; maps that are missing on the way are made. */
export function applyOverrides(tree: Tree, overrides: readonly Override[], issues: IssueList): Tree {
  let result = tree;
  for (const override of overrides) result = put(result, override.keyPath, override, issues);
  return result;
}

function put(tree: Tree, rest: string, override: Override, issues: IssueList): Tree {
  if (tree.kind === 'list') return putInList(tree, rest, override, issues);
  if (tree.kind === 'scalar' && tree.value !== null) {
    const above = override.keyPath.slice(0, -rest.length - 1);
    issues.add(
      override.place,
      [],
      `\`${above}\` is ${describeValue(toPlain(tree))}, not a map: it has no key \`${rest}\``,
    );
    return tree;
  }
  const entries = new Map<string, Entry>(tree.kind === 'map' ? tree.entries : []);
  const key = firstKey(rest, entries);
  const below = rest.slice(key.length + 1);
  const before = entries.get(key);
  const empty: Tree = { kind: 'map', entries: new Map(), place: override.place };
  const value = below === '' ? override.value : put(before?.value ?? empty, below, override, issues);
  // What was in the file keeps its place, so that other errors around it still point there.
  entries.set(key, { key: before && below !== '' ? before.key : override.place, value });
  return { kind: 'map', entries, place: tree.kind === 'map' ? tree.place : override.place };
}

/** Names of parameters may hold dots: the longest key that is there stands, else the part before the first dot. */
function firstKey(rest: string, entries: ReadonlyMap<string, Entry>): string {
  for (let end = rest.length; end > 0; end = rest.lastIndexOf('.', end - 1)) {
    if (entries.has(rest.slice(0, end))) return rest.slice(0, end);
  }
  const dot = rest.indexOf('.');
  return dot === -1 ? rest : rest.slice(0, dot);
}

function putInList(tree: Tree & { kind: 'list' }, rest: string, override: Override, issues: IssueList): Tree {
  const [first = '', ...others] = rest.split('.');
  const index = Number(first);
  const item = /^\d+$/.test(first) ? tree.items[index] : undefined;
  if (item === undefined) {
    const above = override.keyPath.slice(0, -rest.length - 1);
    issues.add(
      override.place,
      [],
      `\`${above}\` is a list of ${tree.items.length}; \`${first}\` is none of its places (0 is the first)`,
    );
    return tree;
  }
  const value = others.length === 0 ? override.value : put(item, others.join('.'), override, issues);
  return { ...tree, items: tree.items.with(index, value) };
}
