import type { Params } from '../space/types.ts';

/** `$name`: letters, digits, `_`, `-` and `.`; the name of a parameter. */
const WHOLE = /^\$([A-Za-z_][\w.-]*)$/;
const INSIDE = /\$\$|\$\{([A-Za-z_][\w.-]*)\}/g;

const ABSENT = Symbol('absent');

/** Names of all parameters that a tree refers to. */
export function referencedParameters(tree: unknown): Set<string> {
  const names = new Set<string>();
  walk(tree, (text) => {
    const whole = WHOLE.exec(text);
    if (whole) names.add(whole[1]!);
    else for (const match of text.matchAll(INSIDE)) if (match[1]) names.add(match[1]);
  });
  return names;
}

/**
 * Replaces `$name` by the parameter's value (its type kept), `${name}` inside text by its text, `$$` by a dollar. Where
 * the parameter is absent, the key or list element that holds the reference is left out. A name that is in no
 * parameter is left out likewise: validation has refused it before.
 */
export function resolveReferences(tree: unknown, params: Params): unknown {
  const resolved = resolve(tree, params);
  return resolved === ABSENT ? undefined : resolved;
}

function resolve(tree: unknown, params: Params): unknown {
  if (typeof tree === 'string') return resolveText(tree, params);
  if (Array.isArray(tree)) return tree.map((item) => resolve(item, params)).filter((item) => item !== ABSENT);
  if (tree !== null && typeof tree === 'object') {
    const result: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(tree)) {
      const resolved = resolve(value, params);
      // Through defineProperty: a key `__proto__` from a file must stay a plain key.
      if (resolved !== ABSENT)
        Object.defineProperty(result, key, {
          value: resolved,
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    return result;
  }
  return tree;
}

function resolveText(text: string, params: Params): unknown {
  const whole = WHOLE.exec(text);
  if (whole) return Object.hasOwn(params, whole[1]!) ? params[whole[1]!] : ABSENT;
  let absent = false;
  const replaced = text.replace(INSIDE, (match, name: string | undefined) => {
    if (match === '$$' || name === undefined) return '$';
    if (!Object.hasOwn(params, name)) absent = true;
    return String(params[name]);
  });
  return absent ? ABSENT : replaced;
}

function walk(tree: unknown, onText: (text: string) => void): void {
  if (typeof tree === 'string') onText(tree);
  else if (Array.isArray(tree)) for (const item of tree) walk(item, onText);
  else if (tree !== null && typeof tree === 'object')
    for (const value of Object.values(tree)) walk(value, onText);
}
