import { ConfigError, parseConfig } from '@tfsweep/orchestrator/config';
import { describe, expect, it } from 'vitest';
import type { BrokenConfig, ConfigText } from './broken/builders.ts';
import { BROKEN_KEYS } from './broken/keys.ts';
import { BROKEN_METRICS } from './broken/metrics.ts';
import { BROKEN_PARAMETERS } from './broken/parameters.ts';
import { BROKEN_SEARCHES } from './broken/search.ts';
import { BROKEN_TRAINERS } from './broken/trainer.ts';
import { BROKEN_YAML } from './broken/yaml.ts';

function errorOf({ text, set }: ConfigText): ConfigError {
  try {
    parseConfig(text, 'sweep.yaml', { set: set ?? [] });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

const GROUPS: ReadonlyArray<readonly [string, readonly BrokenConfig[]]> = [
  ['YAML', BROKEN_YAML],
  ['keys and values', BROKEN_KEYS],
  ['parameters', BROKEN_PARAMETERS],
  ['trainers', BROKEN_TRAINERS],
  ['searches', BROKEN_SEARCHES],
  ['metrics', BROKEN_METRICS],
];

describe.each(GROUPS)('of broken %s', (_title, broken) => {
  it.each(broken)('says where and what is wrong with $name', ({ file, errors }) => {
    const error = errorOf(file);
    const expected = errors.map((line) => (line.startsWith('--set') ? line : `sweep.yaml:${line}`));
    expect(error.message.split('\n')).toEqual(expected);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
    expect(error.issues).toHaveLength(errors.length);
  });
});
