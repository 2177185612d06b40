// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${name}` is the sweep file's own syntax.
import { type BrokenConfig, declarative, keys, parameter } from './builders.ts';

const ALIAS_BOMB = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]', 'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]']
  .concat(
    ['c', 'd', 'e', 'f'].map(
      (key, i) => `${key}: &${key} [${Array.from({ length: 10 }, () => `*${'bcde'[i]}`).join(', ')}]`,
    ),
  )
  .join('\n');

/** What is no YAML, or YAML that has no business in a sweep file. */
export const BROKEN_YAML: readonly BrokenConfig[] = [
  {
    name: 'an empty file',
    file: { text: '' },
    errors: [
      '1:1: required key `parameters` is missing: expected a map of names and distributions',
      '1:1: required key `trainer` is missing: expected `{dataset: …, model: …}` or `{module: ./train.ts}`',
      '1:1: required key `metric` is missing: expected, for example, `metric: {name: val_loss, goal: minimize}`',
      '1:1: `run_cap` is missing: `method: bayes` never ends by itself. Add `run_cap: 30`, or `budget: {wallclock: 10m}`',
    ],
  },
  {
    name: 'a text instead of keys',
    file: { text: 'hello\n' },
    errors: ['1:1: expected a map of keys such as `trainer`, `metric` and `parameters`'],
  },
  {
    name: 'a list instead of keys',
    file: { text: '- a\n- b\n' },
    errors: ['1:1: expected a map of keys such as `trainer`, `metric` and `parameters`'],
  },
  {
    name: 'a tab as indentation',
    file: keys('budget:', '\twallclock: 10m'),
    errors: ['8:1: a tab; YAML is indented with spaces only'],
  },
  {
    name: 'an unclosed quote',
    file: keys('name: "abc'),
    errors: ['8:1: not valid YAML: Missing closing "quote'],
  },
  {
    name: 'an unclosed bracket',
    file: keys('checkpoints: {every: 1'),
    errors: [
      '8:1: not valid YAML: Flow map in block collection must be sufficiently indented and end with a }',
    ],
  },
  {
    name: 'two pairs on a line',
    file: keys('name: a: b'),
    errors: [
      '7:7: not valid YAML: two `key: value` pairs on one line; put the text into quotes, or the second pair on its own line',
    ],
  },
  {
    name: 'a duplicate key',
    file: keys('run_cap: 6'),
    errors: ['7:1: run_cap: duplicate key `run_cap`, first on line 3'],
  },
  {
    name: 'a second document',
    file: keys('---', 'name: x'),
    errors: ['7:1: a second YAML document begins here; a sweep file holds one'],
  },
  {
    name: 'a tag',
    file: keys('name: !secret x'),
    errors: ['7:7: YAML tags and directives have no meaning here: Unresolved tag: !secret'],
  },
  {
    name: 'an unknown alias',
    file: keys('name: *x'),
    errors: [
      '7:7: name: unknown alias `*x`: no `&x` stands before it',
      '7:7: name: is empty: expected a text',
    ],
  },
  {
    name: 'an alias bomb',
    file: { text: `${ALIAS_BOMB}\n` },
    errors: ['2:8: too large: more than 50000 values once aliases are put in'],
  },
  {
    name: 'thousands of brackets',
    file: { text: '['.repeat(100_000) },
    errors: ['1:61: nested more than 60 levels deep'],
  },
  {
    name: 'a merge key',
    file: parameter('x: &x {min: 0.0, max: 1.0}', 'y: {<<: *x}'),
    errors: [
      '7:3: parameters.y: says no values: expected `values: […]`, `value: …`, or `min` and `max`',
      '7:7: parameters.y: merge keys (`<<`) are not part of YAML 1.2; repeat the keys, or alias a whole value',
    ],
  },
  {
    name: 'a key that reaches into objects',
    file: keys('__proto__: {polluted: true}'),
    errors: ["7:1: `__proto__` can't be a key"],
  },
  {
    name: 'an unquoted ${ in braces',
    file: declarative({ $dropout: '${dropout}' }),
    errors: [
      '3:45: an unquoted `${` inside {…} or […] is not a reference: YAML reads its brace as a map. Write `$dropout`, or quote the whole text: "…${dropout}…"',
    ],
  },
  {
    name: 'an unquoted ${ in brackets',
    file: declarative({ '[16]': '[16, ${dropout}]' }),
    errors: [
      '3:35: an unquoted `${` inside {…} or […] is not a reference: YAML reads its brace as a map. Write `$dropout`, or quote the whole text: "…${dropout}…"',
    ],
  },
];
