import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, read } from './workspace.ts';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/analysis.md',
  'docs/installing.md',
  'docs/library.md',
  'docs/samplers.md',
  'docs/schedulers.md',
  'docs/workers.md',
  'docs/dependencies.md',
];

it('shows the two commands near the top of the README', () => {
  const top = read('README.md').split('\n').slice(0, 40).join('\n');
  expect(top).toMatch(/^npm start\b/m);
  expect(top).toMatch(/^npm test\b/m);
});

it.each(PAGES)('links in %s to files that are there', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path!);
  const missing = links.filter((path) => !existsSync(join(ROOT, page, '..', path)));
  expect(missing).toEqual([]);
});
