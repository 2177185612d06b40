import { referencedParameters } from '../protocol/references.ts';
import type { Space } from '../space/types.ts';
import type { IssueList } from './config-error.ts';
import { didYouMean } from './nearest.ts';
import { textsOf } from './resolved-tree.ts';
import { descend, keysOf, placeOfKey, type Tree, toPlain } from './source-tree.ts';

/** References to no parameter, and texts that look like references and are none. */
export function checkReferences(root: Tree, issues: IssueList): void {
  const names = keysOf(descend(root, ['parameters']));
  const trainer = descend(root, ['trainer'])!;
  for (const { text, path, part } of textsOf(trainer, ['trainer'])) {
    for (const name of referencedParameters(text)) {
      if (names.includes(name)) continue;
      issues.add(
        part.place,
        path,
        `\`$${name}\` refers to no parameter${didYouMean(name, names) || listOf(names)}`,
      );
    }
    const slip = slipIn(text, names);
    if (slip !== null) issues.add(part.place, path, slip);
  }
}

function listOf(names: readonly string[]): string {
  return names.length === 0
    ? ''
    : `; there are ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
}

function slipIn(text: string, names: readonly string[]): string | null {
  const rest = text.replaceAll('$$', '').replaceAll(/\$\{[A-Za-z_][\w.-]*\}/g, '');
  if (rest.includes('${'))
    return `\`\${\` begins a reference that is none; write \`\${name}\`, or \`$$\` for a dollar`;
  if (/^\$[A-Za-z_][\w.-]*$/.test(rest) && rest === text) return null;
  const inside = [...rest.matchAll(/\$([A-Za-z_][\w.-]*)/g)]
    .map((match) => match[1]!)
    .find((name) => names.includes(name));
  return inside === undefined
    ? null
    : `inside a text a reference is written \`\${${inside}}\`, and a dollar \`$$\``;
}

/** In a declarative trainer a parameter acts only where it is referenced, itself or by what depends on it. */
export function checkAllReferenced(root: Tree, space: Space, issues: IssueList): void {
  const trainer = descend(root, ['trainer'])!;
  const used = referencedParameters(toPlain(trainer));
  // From the last to the first: a condition only names earlier parameters.
  for (const parameter of space.toReversed()) {
    if (used.has(parameter.name)) for (const condition of parameter.when) used.add(condition.parameter);
  }
  for (const { name } of space) {
    if (used.has(name)) continue;
    const path = ['parameters', name];
    const home = keyNamed(trainer, name);
    const advice =
      home === null
        ? `write \`$${name}\` where it should act`
        : `write \`${name}: $${name}\` under \`${home}\``;
    issues.add(
      placeOfKey(root, path),
      path,
      `is referenced nowhere under \`trainer:\`, so it would change nothing; ${advice}, or remove it`,
    );
  }
}

/** Likely homes of parameters that are named as what they set. */
const HOMES: Readonly<Record<string, string>> = {
  learning_rate: 'trainer.optimizer',
  momentum: 'trainer.optimizer',
  weight_decay: 'trainer.optimizer',
  clip_norm: 'trainer.optimizer',
  warmup: 'trainer.optimizer.schedule',
  dropout: 'trainer.model',
  activation: 'trainer.model',
  kernel: 'trainer.model',
  batch_size: 'trainer',
  epochs: 'trainer',
};

function keyNamed(trainer: Tree, name: string): string | null {
  if (Object.hasOwn(HOMES, name)) return HOMES[name]!;
  for (const section of ['dataset', 'model', 'optimizer']) {
    if (keysOf(descend(trainer, [section])).includes(name)) return `trainer.${section}`;
  }
  return null;
}
