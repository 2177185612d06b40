import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { IssueList, Path } from './config-error.ts';
import { type Entry, HOSTILE_KEYS, type Place, type Scalar, type Tree } from './source-tree.ts';

const MAX_DEPTH = 60;
/** Far more than any sweep needs; aliases of aliases reach it at once. */
const MAX_NODES = 50_000;

export interface YamlSource {
  /** null where nothing useful could be read. */
  readonly tree: Tree | null;
  /** The text can't be trusted further: what the parser made of it is a guess. */
  readonly broken: boolean;
}

/**
 * Reads YAML (or JSON, which is YAML) into a tree with places. What is wrong goes to `issues`.
 * @param flag `--set key=value` when that is where the text is from.
 */
export function readYaml(text: string, issues: IssueList, flag: string | null, isJson = false): YamlSource {
  const lineCounter = new LineCounter();
  const placeAt = (offset: number): Place => {
    if (flag !== null) return { line: 0, column: 0, flag };
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), flag: null };
  };

  const deep = tooDeepAt(text);
  if (deep !== null) {
    for (let i = text.indexOf('\n'); i !== -1 && i < deep; i = text.indexOf('\n', i + 1))
      lineCounter.addNewLine(i + 1);
    lineCounter.lineStarts.unshift(0);
    issues.add(placeAt(deep), [], `nested more than ${MAX_DEPTH} levels deep`);
    return { tree: null, broken: true };
  }

  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  if (reportSyntax(document, text, issues, placeAt)) return { tree: null, broken: true };
  const reader = new TreeReader(document, issues, placeAt, flag !== null || isJson);
  const tree = document.contents === null ? null : reader.read(document.contents, []);
  return { tree, broken: reader.overflowed };
}

/**
 * The parser recurses, and builds a regular expression as long as the nesting is deep: thousands of brackets would end
 * the process. Brackets in texts count too; only a hostile file has so many that are never closed.
 */
function tooDeepAt(text: string): number | null {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 0x5b || char === 0x7b) depth++;
    else if ((char === 0x5d || char === 0x7d) && depth > 0) depth--;
    if (depth > MAX_DEPTH) return i;
  }
  const indented = /^[ ?-]{200}/m.exec(text);
  return indented === null ? null : indented.index;
}

/** @returns whether the text is no YAML, so that nothing more can be said about it. */
function reportSyntax(
  document: Document.Parsed,
  text: string,
  issues: IssueList,
  placeAt: (offset: number) => Place,
): boolean {
  const braces = unquotedReference(document, text);
  if (braces !== null) {
    const name = /^\$\{([^}\s]*)/.exec(text.slice(braces))?.[1] || 'name';
    issues.add(
      placeAt(braces),
      [],
      `an unquoted \`\${\` inside {…} or […] is not a reference: YAML reads its brace as a map. ` +
        `Write \`$${name}\`, or quote the whole text: "…\${${name}}…"`,
    );
    return true;
  }
  const lines = new Set<number>();
  for (const error of document.errors) {
    const place = placeAt(error.pos[0]);
    // One slip makes the parser stumble over all that follows it on the line.
    if (lines.has(place.line)) continue;
    lines.add(place.line);
    issues.add(place, [], SYNTAX[error.code] ?? `not valid YAML: ${error.message}`);
    if (error.code === 'UNEXPECTED_TOKEN') break;
  }
  for (const warning of document.warnings) {
    issues.add(
      placeAt(warning.pos[0]),
      [],
      `YAML tags and directives have no meaning here: ${warning.message}`,
    );
  }
  return document.errors.length > 0;
}

const SYNTAX: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab; YAML is indented with spaces only',
  MULTIPLE_DOCS: 'a second YAML document begins here; a sweep file holds one',
  BLOCK_AS_IMPLICIT_KEY:
    'not valid YAML: two `key: value` pairs on one line; put the text into quotes, or the second pair on its own line',
};

/** In a flow collection YAML ends a plain text at `{`: what is left of `${x}` is a text that ends in a dollar. */
function unquotedReference(document: Document.Parsed, text: string): number | null {
  let found: number | null = null;
  visit(document, {
    Scalar(_key, node) {
      const end = node.range?.[1];
      if (node.type !== 'PLAIN' || end === undefined) return undefined;
      if (text[end] !== '{' || text[end - 1] !== '$') return undefined;
      found = end - 1;
      return visit.BREAK;
    },
  });
  return found;
}

class TreeReader {
  overflowed = false;
  #nodes = 0;
  readonly #document: Document.Parsed;
  readonly #issues: IssueList;
  readonly #placeAt: (offset: number) => Place;
  readonly #spellingIsMute: boolean;

  constructor(
    document: Document.Parsed,
    issues: IssueList,
    placeAt: (offset: number) => Place,
    spellingIsMute: boolean,
  ) {
    this.#document = document;
    this.#issues = issues;
    this.#placeAt = placeAt;
    this.#spellingIsMute = spellingIsMute;
  }

  read(node: ParsedNode | Node, path: Path): Tree {
    const place = this.#placeAt(node.range?.[0] ?? 0);
    const nothing: Tree = { kind: 'scalar', value: null, spelling: null, place };
    this.#nodes++;
    if (this.#nodes > MAX_NODES || path.length > MAX_DEPTH) {
      if (!this.overflowed)
        this.#issues.add(place, [], `too large: more than ${MAX_NODES} values once aliases are put in`);
      this.overflowed = true;
      return nothing;
    }
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target !== undefined) return this.read(target, path);
      this.#issues.add(
        place,
        path,
        `unknown alias \`*${node.source}\`: no \`&${node.source}\` stands before it`,
      );
      return nothing;
    }
    if (isMap(node)) return this.#readMap(node, path, place);
    if (isSeq(node)) {
      return {
        kind: 'list',
        items: node.items.map((item, i) => this.read(item as ParsedNode, [...path, i])),
        place,
      };
    }
    if (isScalar(node)) {
      const spelling = this.#spellingIsMute || node.type !== 'PLAIN' ? null : (node.source ?? null);
      return { kind: 'scalar', value: node.value as Scalar, spelling, place };
    }
    return nothing;
  }

  #readMap(node: YAMLMap, path: Path, place: Place): Tree {
    const entries = new Map<string, Entry>();
    for (const pair of node.items) {
      if (this.overflowed) break;
      const keyNode = pair.key as ParsedNode | null;
      const key = keyNode === null ? place : this.#placeAt(keyNode.range[0]);
      if (keyNode === null || !isScalar(keyNode)) {
        this.#issues.add(key, path, 'a key must be a plain word');
        continue;
      }
      const name = String(keyNode.value ?? '');
      const before = entries.get(name);
      if (name === '<<') {
        this.#issues.add(
          key,
          path,
          'merge keys (`<<`) are not part of YAML 1.2; repeat the keys, or alias a whole value',
        );
      } else if (HOSTILE_KEYS.has(name)) {
        this.#issues.add(key, path, `\`${name}\` can't be a key`);
      } else if (before !== undefined) {
        this.#issues.add(key, [...path, name], `duplicate key \`${name}\`, first on line ${before.key.line}`);
      } else {
        const value =
          pair.value === null ? this.#nothingAt(key) : this.read(pair.value as ParsedNode, [...path, name]);
        entries.set(name, { key, value });
      }
    }
    return { kind: 'map', entries, place };
  }

  #nothingAt(place: Place): Tree {
    return { kind: 'scalar', value: null, spelling: null, place };
  }
}
