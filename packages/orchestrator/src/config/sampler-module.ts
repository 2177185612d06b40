import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssueList } from './config-error.ts';
import type { OuterFile } from './file-schema.ts';
import { describeValue, placeOf, placeOfKey, type Tree } from './source-tree.ts';
import type { SamplerConfig } from './sweep-config.ts';
import { insideFolder, MODULE_ENDINGS, reportOutside } from './trainer.ts';
import { isThere } from './trainer-files.ts';

/**
 * A sampler of the user's own. Its file is looked up and hashed, never run.
 * @param configDir null: nothing is looked up.
 */
export function readSamplerModule(
  { type, module: given = '', options = {}, ...others }: NonNullable<OuterFile['sampler']>,
  root: Tree,
  configDir: string | null,
  issues: IssueList,
): SamplerConfig {
  const path = ['sampler', 'module'];
  const strangers = Object.entries({ type, ...others }).filter(([, value]) => value !== undefined);
  for (const [key] of strangers) {
    const message =
      key === 'type'
        ? '`type` and `module` both say who chooses; keep one'
        : `\`${key}\` is an option of our own samplers; those of a module stand under \`options\``;
    issues.add(placeOfKey(root, ['sampler', key]), ['sampler', key], message);
  }
  const module = given.replaceAll('\\', '/');
  const inside = insideFolder(module);
  let sha256: string | null = null;
  if (!MODULE_ENDINGS.test(module)) {
    const message = `expected a TypeScript or JavaScript file (.ts, .mts, .js, .mjs, .cjs), got ${describeValue(given)}`;
    issues.add(placeOf(root, path), path, message);
  } else if (inside === null) {
    reportOutside(root, path, given, issues);
  } else if (configDir !== null && isThere(join(configDir, inside), path, root, issues)) {
    sha256 = createHash('sha256')
      .update(readFileSync(join(configDir, inside)))
      .digest('hex');
  }
  return { type: 'module', module: inside ?? module, sha256, options };
}
