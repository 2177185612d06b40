import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, parseConfig } from '@tfsweep/orchestrator/config';
import { expect, it } from 'vitest';
import { sweepJsonSchemaText } from '../../packages/orchestrator/src/config/json-schema.ts';
import { configReference } from '../../packages/orchestrator/src/config/reference.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const configs = readdirSync(join(ROOT, 'configs')).filter((name) => name.endsWith('.yaml'));
const pages = [
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
  ...['README.md', 'CONTRIBUTING.md'].filter((name) => existsSync(join(ROOT, name))),
].filter((name) => name.endsWith('.md'));

it('keeps tfsweep.schema.json as `tfsweep schema` prints it', () => {
  expect(readFileSync(join(ROOT, 'tfsweep.schema.json'), 'utf8')).toBe(sweepJsonSchemaText());
});

it('keeps docs/config.md as `tfsweep schema --markdown` prints it', () => {
  expect(readFileSync(join(ROOT, 'docs/config.md'), 'utf8')).toBe(configReference());
});

it.each(configs)('finds nothing wrong with configs/%s', (name) => {
  const path = join(ROOT, 'configs', name);
  const { warnings, source } = loadConfig(path);
  expect(warnings).toEqual([]);
  const [first, second] = source.split('\n');
  expect(first).toBe('# yaml-language-server: $schema=../tfsweep.schema.json');
  expect(second).toMatch(/^# \S/);
});

it('has no YAML in its pages that is no sweep file', () => {
  const checked: string[] = [];
  for (const page of pages) {
    const text = readFileSync(join(ROOT, page), 'utf8');
    for (const match of text.matchAll(/^```ya?ml\n(.*?)^```/gms)) {
      const line = text.slice(0, match.index).split('\n').length + 1;
      const { warnings } = parseConfig(match[1]!, `${page}:${line}+`);
      expect(warnings).toEqual([]);
      checked.push(page);
    }
  }
  expect(checked).toContain('docs/config.md');
});
