import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nodeVersionProblem } from '../../scripts/setup/node-version.mjs';
import { PNPM_VERSION } from '../../scripts/setup/pnpm.mjs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  packageManager: string;
  engines: { node: string };
};

it.each(['20.19.0', '20.20.2', '22.12.0', '22.21.1', '24.0.0', '25.3.0'])(
  'serves with Node %s',
  (version) => {
    expect(nodeVersionProblem(version)).toBeNull();
  },
);

it.each(['16.20.2', '18.20.8', '20.18.3', '21.7.3', '22.11.0', '23.11.1'])(
  'refuses Node %s and says which to get',
  (version) => {
    expect(nodeVersionProblem(version)).toMatch(new RegExp(`this is Node ${version}\\. Get one`));
  },
);

it('applies the rule that package.json states', () => {
  expect(manifest.engines.node).toBe('^20.19.0 || ^22.12.0 || >=24.0.0');
});

it('brings the pnpm that package.json names', () => {
  expect(manifest.packageManager).toBe(`pnpm@${PNPM_VERSION}`);
});
