import type { IssueList, Path } from './config-error.ts';
import { didYouMean } from './nearest.ts';
import { type FormName, parameterForms } from './parameter-schema.ts';
import { unknownKey } from './schema-issues.ts';
import {
  child,
  descend,
  describeValue,
  keysOf,
  placeOf,
  placeOfKey,
  type Tree,
  toPlain,
} from './source-tree.ts';

/** W&B's names whose bounds are exponents: a bound taken as a value would be off by orders of magnitude. */
const EXPONENT_FORMS: Readonly<Record<string, string>> = {
  log_uniform: 'log_uniform_values',
  q_log_uniform: 'q_log_uniform_values',
  inv_log_uniform: 'log_uniform_values',
};

/** Which distribution a parameter has: by name, else by its keys. @returns null after adding issues. */
export function chooseForm(tree: Tree, path: Path, issues: IssueList): FormName | null {
  const part = descend(tree, path);
  if (part?.kind !== 'map') {
    const value = part === undefined ? undefined : toPlain(part);
    const fixed =
      part?.kind === 'list'
        ? `\`{values: ${describeValue(value)}}\``
        : `\`{value: ${describeValue(value)}}\``;
    const empty = value === null || value === undefined;
    issues.add(
      placeOf(tree, path),
      path,
      empty
        ? 'is empty: expected a map such as `{min: 0.0, max: 1.0}`'
        : `expected a map, got ${describeValue(value)}; write ${fixed}`,
    );
    return null;
  }
  if (part.entries.has('parameters')) {
    const at = [...path, 'parameters'];
    issues.add(
      placeOfKey(tree, at),
      at,
      "nested parameters are W&B's; write them side by side here, with `when` where one depends on another",
    );
    return null;
  }
  const form = part.entries.has('distribution') ? namedForm(tree, path, issues) : inferForm(part);
  if (form === null) {
    if (!part.entries.has('distribution')) {
      issues.add(placeOfKey(tree, path), path, shortFormMessage(part));
    }
    return null;
  }
  return refuseStrangers(form, part, tree, path, issues) ? null : form;
}

function namedForm(tree: Tree, path: Path, issues: IssueList): FormName | null {
  const at = [...path, 'distribution'];
  const name = toPlain(descend(tree, at)!);
  if (typeof name === 'string' && Object.hasOwn(parameterForms, name)) return name as FormName;
  const instead = typeof name === 'string' ? EXPONENT_FORMS[name] : undefined;
  const names = Object.keys(parameterForms);
  const message =
    instead === undefined
      ? `unknown distribution ${describeValue(name)}${didYouMean(String(name), names) || `; there are ${names.join(', ')}`}`
      : `the bounds of W&B's \`${String(name)}\` are exponents; write \`${instead}\`, whose bounds are the values themselves`;
  issues.add(placeOf(tree, at), at, message);
  return null;
}

function inferForm(part: Tree): FormName | null {
  const has = (key: string): boolean => child(part, key) !== undefined;
  if (has('values')) return 'categorical';
  if (has('value')) return 'constant';
  if (!has('min') || !has('max')) return null;
  const whole = hasWholeSpelling(part);
  if (has('q')) return whole && hasWholeSpelling(part, ['q']) ? 'int_uniform' : 'q_uniform';
  // `int: false` says that the spelling is a matter of taste.
  return whole && toPlain(child(part, 'int') ?? part) !== false ? 'int_uniform' : 'uniform';
}

function shortFormMessage(part: Tree): string {
  const keys = keysOf(part);
  const all = [...new Set(Object.values(parameterForms).flatMap((form) => Object.keys(form.shape)))];
  for (const key of keys) {
    const hint = all.includes(key) ? '' : didYouMean(key, all);
    if (hint !== '') return `unknown key \`${key}\`${hint}`;
  }
  if (keys.includes('min')) return 'has `min` and no `max`';
  if (keys.includes('max')) return 'has `max` and no `min`';
  if (keys.includes('mu') || keys.includes('sigma'))
    return '`mu` and `sigma` need a name: `distribution: normal` or `log_normal`';
  return 'says no values: expected `values: […]`, `value: …`, or `min` and `max`';
}

/**
 * Whether the bounds are spelled without a point or exponent. A bound from `--set` has no spelling of its own: it goes
 * with the other one of the file.
 */
export function hasWholeSpelling(part: Tree, keys: readonly string[] = ['min', 'max']): boolean {
  let spelled = 0;
  for (const key of keys) {
    const bound = child(part, key);
    if (bound?.kind !== 'scalar' || typeof bound.value !== 'number' || !Number.isInteger(bound.value))
      return false;
    if (bound.spelling === null) continue;
    if (!/^[-+]?\d+$/.test(bound.spelling)) return false;
    spelled++;
  }
  return spelled > 0;
}

/** Keys of other forms get a word of their own; a parameter with one is not read further. */
function refuseStrangers(form: FormName, part: Tree, tree: Tree, path: Path, issues: IssueList): boolean {
  const known = Object.keys(parameterForms[form].shape);
  let refused = false;
  for (const key of keysOf(part)) {
    if (known.includes(key)) continue;
    refused = true;
    const at = [...path, key];
    issues.add(placeOfKey(tree, at), at, strangerMessage(form, key, known));
  }
  return refused;
}

function strangerMessage(form: FormName, key: string, known: readonly string[]): string {
  const elsewhere = Object.entries(parameterForms).filter(([, other]) => Object.hasOwn(other.shape, key));
  if (elsewhere.length === 0) return unknownKey(key, known);
  const quantised = `q_${form}`;
  if (key === 'q' && Object.hasOwn(parameterForms, quantised))
    return `\`${form}\` takes no \`q\`; write \`distribution: ${quantised}\``;
  if (key === 'q' && form === 'inv_log_uniform_values')
    return 'takes no `q`; write `distribution: q_log_uniform_values`';
  if (key === 'count' && form.startsWith('q_'))
    return '`count` and `q` both say which points a grid has; keep one';
  if (form === 'categorical') return `\`${key}\` has no meaning beside \`values\``;
  if (form === 'constant') return `\`${key}\` has no meaning beside \`value\``;
  return `\`${form}\` takes no \`${key}\`; it has ${known.join(', ')}`;
}
