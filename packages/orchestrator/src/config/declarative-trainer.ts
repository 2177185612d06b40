import { trainerSpecSchema } from '../protocol/trainer-spec/index.ts';
import { describeCondition } from '../space/conditions.ts';
import type { Parameter, Params, Space } from '../space/types.ts';
import type { IssueList } from './config-error.ts';
import { representativeParams } from './representative-params.ts';
import { type ResolvedTree, referencesIn, resolveTree } from './resolved-tree.ts';
import { expectation, keysIn, leafIssues, reportIssue, type SchemaIssue } from './schema-issues.ts';
import { descend, describeValue, type Place, placeOfKey, type Tree, toPlain } from './source-tree.ts';

/**
 * Parses the trainer's description with settings that stand for all others: a value that does not fit is found before
 * anything trains, and named by the parameter that it comes from.
 * @param spaceIsSound false: some parameters are in error, so that only what holds no reference can be judged.
 */
export function checkDeclarativeTrainer(
  root: Tree,
  space: Space,
  spaceIsSound: boolean,
  issues: IssueList,
): void {
  const template = descend(root, ['trainer'])!;
  const byName = new Map(space.map((parameter) => [parameter.name, parameter]));
  const said = new Set<string>();
  for (const params of spaceIsSound ? representativeParams(space).sets : [{}]) {
    const resolved = resolveTree(template, params);
    const result = trainerSpecSchema.safeParse(toPlain(resolved.tree));
    if (result.success) continue;
    for (const issue of leafIssues(result.error.issues)) {
      const blame = blameOf(issue, resolved, params);
      if (blame === null) {
        reportIssue(issue, trainerSpecSchema, withTrainer(root, resolved.tree), ['trainer'], issues);
        continue;
      }
      // The first setting that shows a fault is enough.
      const key = `${blame.place.line}:${blame.place.column}:${issue.code}:${expectation(issue)}`;
      if (!spaceIsSound || said.has(key)) continue;
      said.add(key);
      const declared = blame.parameters
        .map((name) => declaration(name, byName, root))
        .filter((text) => text !== '');
      issues.add(blame.place, ['trainer', ...keysIn(issue.path)], [blame.message, ...declared].join('; '));
    }
  }
}

function withTrainer(root: Tree, trainer: Tree): Tree {
  if (root.kind !== 'map') return root;
  const entries = new Map(root.entries);
  entries.set('trainer', { key: placeOfKey(root, ['trainer']), value: trainer });
  return { ...root, entries };
}

interface Blame {
  readonly place: Place;
  readonly message: string;
  readonly parameters: readonly string[];
}

/** What an issue has to do with references; null where it has nothing. */
function blameOf(issue: SchemaIssue, resolved: ResolvedTree, params: Params): Blame | null {
  const path = keysIn(issue.path);
  const part = descend(resolved.tree, path);
  const parent = descend(resolved.tree, path.slice(0, -1));
  const parentTemplate = parent && resolved.origins.get(parent);
  if (issue.code === 'unrecognized_keys')
    return blameForKeys(issue, part && resolved.origins.get(part), params);
  if (part === undefined) {
    const entry =
      parentTemplate?.kind === 'map' ? parentTemplate.entries.get(String(path.at(-1))) : undefined;
    const names = referencesIn(entry?.value).filter((name) => !Object.hasOwn(params, name));
    if (entry === undefined || names.length === 0) return null;
    const message = `required key \`${path.at(-1)}\` is left out where \`${names[0]}\` is absent`;
    return { place: entry.key, message, parameters: names };
  }
  const template = resolved.origins.get(part);
  const direct = referencesIn(template);
  if (template === undefined) return null;
  if (direct.length > 0) {
    const whole = template.kind === 'scalar' && template.value === `\${${direct[0]}}`;
    const hint = whole
      ? `; \`\${${direct[0]}}\` always makes a text, write \`$${direct[0]}\` to keep the type`
      : '';
    const message = `expected ${expectation(issue)}, got ${describeValue(toPlain(part))} from ${direct.map((name) => `\`$${name}\``).join(', ')}${hint}`;
    return { place: template.place, message, parameters: direct };
  }
  const gone =
    template.kind === 'list'
      ? template.items.flatMap(referencesIn).filter((name) => !Object.hasOwn(params, name))
      : [];
  if (gone.length === 0) return null;
  const message = `expected ${expectation(issue)}, got ${describeValue(toPlain(part))} where \`${gone[0]}\` is absent`;
  return { place: template.place, message, parameters: gone };
}

/** A key that is foreign only because a reference chose the kind of map (`type: $model`). */
function blameForKeys(
  issue: SchemaIssue & { readonly code: 'unrecognized_keys' },
  template: Tree | undefined,
  params: Params,
): Blame | null {
  if (template?.kind !== 'map') return null;
  const names = referencesIn(template.entries.get('type')?.value);
  const name = names[0];
  if (name === undefined) return null;
  const message = `unknown key \`${issue.keys[0]}\` where \`${name}\` is ${describeValue(params[name])}`;
  return { place: template.entries.get(issue.keys[0]!)?.key ?? template.place, message, parameters: [name] };
}

function declaration(name: string, byName: ReadonlyMap<string, Parameter>, root: Tree): string {
  const parameter = byName.get(name);
  if (parameter === undefined) return '';
  const { line, flag } = placeOfKey(root, ['parameters', name]);
  const where = `\`${name}\` is declared ${flag === null ? `on line ${line}` : `by ${flag}`}`;
  if (parameter.when.length === 0) return where;
  return `${where}, there only when ${parameter.when.map(describeCondition).join(' and ')}`;
}
