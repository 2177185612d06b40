import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { importsOf, sourceFiles } from './workspace.ts';

const ORCHESTRATOR = 'packages/orchestrator/src';

/** Small files that depend on nothing, so that no arrow can start at them: free for everyone. */
const LEAVES = ['study/rng.ts', 'config/nearest.ts'];

/** What the sweep's loop joins, which the command line also sets up and shows. */
const SWEEP = [
  'study',
  'store',
  'queue',
  'space',
  'protocol',
  'samplers',
  'schedulers',
  'objectives',
  'config',
  'analysis',
];

/**
 * What each folder of the orchestrator may import, itself apart. Everyone may import the files that lie beside the
 * folders (errors, process identity …).
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  space: [],
  objectives: [],
  // The normal distribution and nothing else of the space.
  statistics: ['space/normal.ts'],
  samplers: ['space', 'objectives'],
  schedulers: ['space', 'statistics'],
  study: ['samplers', 'schedulers', 'space', 'objectives'],
  problems: ['space'],
  simulation: ['study', 'problems', 'space'],
  queue: ['protocol'],
  store: [],
  config: ['space', 'protocol'],
  modules: ['study', 'samplers'],
  conformance: ['samplers', 'schedulers', 'study', 'space'],
  analysis: ['space', 'store', 'objectives', 'statistics', 'config/metric-lists.ts'],
  sweep: SWEEP,
  cli: [...SWEEP, 'sweep', 'modules', 'problems', 'simulation'],
};

/** Types say what passes between parts; they bind nobody to how a part works. */
const TYPES_ALLOWED: Readonly<Record<string, readonly string[]>> = {
  modules: ['config'],
  protocol: ['space'],
  samplers: ['config', 'study'],
  schedulers: ['config', 'study'],
  study: ['config', 'store'],
  store: ['config', 'protocol', 'space'],
  analysis: ['config', 'protocol'],
};

/** Outside of the orchestrator, only through the doors that package.json opens to each package. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  worker: [
    '@tfsweep/orchestrator/modules',
    '@tfsweep/orchestrator/protocol',
    '@tfsweep/orchestrator/protocol/redis',
  ],
  dashboard: ['@tfsweep/orchestrator/store', '@tfsweep/orchestrator/analysis'],
};

const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing\//.test(path);

it('keeps the arrows between the folders of the orchestrator', () => {
  const wrong = sourceFiles(ORCHESTRATOR)
    .filter((path) => !isTest(path))
    .flatMap((path) =>
      importsOf(path)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier, typeOnly }) => ({ to: posix.join(posix.dirname(path), specifier), typeOnly }))
        .filter(({ to, typeOnly }) => !mayImport(within(path), within(to), typeOnly))
        .map(({ to }) => `${path} → ${to}`),
    );
  expect(wrong).toEqual([]);
});

it('enters what a sampler is made of by its door alone', () => {
  const wrong = sourceFiles(ORCHESTRATOR)
    .filter((path) => !isTest(path) && folderOf(within(path)) !== 'samplers')
    .flatMap((path) =>
      importsOf(path)
        .filter(({ specifier }) => /\/samplers\/\w+\/(?!index\.ts$)/.test(specifier))
        .map(({ specifier }) => `${path} → ${specifier}`),
    );
  expect(wrong).toEqual([]);
});

it.each(LEAVES)('has nothing below %s', (leaf) => {
  expect(importsOf(`${ORCHESTRATOR}/${leaf}`)).toEqual([]);
});

it('has a rule for every folder of the orchestrator', () => {
  const folders = sourceFiles(ORCHESTRATOR).map((path) => folderOf(within(path)));
  expect([...new Set(folders)].filter((folder) => folder !== null).sort()).toEqual(
    Object.keys(ALLOWED).sort(),
  );
});

it.each(Object.entries(DOORS))(
  'lets the %s package into the orchestrator by its doors alone',
  (name, doors) => {
    const imports = sourceFiles(`packages/${name}/src`)
      .filter((path) => !isTest(path))
      .flatMap((path) => importsOf(path).map(({ specifier }) => ({ path, specifier })));
    const wrong = imports.filter(
      ({ path, specifier }) =>
        (specifier.startsWith('@tfsweep/') &&
          !doors.includes(specifier) &&
          !specifier.startsWith(`@tfsweep/${name}`)) ||
        (specifier.startsWith('.') &&
          !posix.join(posix.dirname(path), specifier).startsWith(`packages/${name}/`)),
    );
    expect(wrong).toEqual([]);
  },
);

it('keeps tensors out of the agent, and Redis out of the runner and what it loads', () => {
  const importing = (folders: readonly string[], what: RegExp) =>
    folders
      .flatMap((folder) => sourceFiles(`packages/worker/src/${folder}`))
      .filter((path) => !isTest(path))
      .filter((path) => importsOf(path).some(({ specifier }) => what.test(specifier)));
  expect(importing(['agent', 'devices'], /^@tensorflow\//)).toEqual([]);
  const runnerSide = ['runner', 'backends', 'trainers', 'data', 'metrics', 'checkpoints'];
  expect(importing(runnerSide, /^(bullmq|ioredis)$|protocol\/redis$/)).toEqual([]);
});

/** Path below the orchestrator's sources. */
function within(path: string): string {
  return path.slice(ORCHESTRATOR.length + 1);
}

function folderOf(path: string): string | null {
  return path.includes('/') ? path.split('/')[0]! : null;
}

function mayImport(from: string, to: string, typeOnly: boolean): boolean {
  const [source, target] = [folderOf(from), folderOf(to)];
  if (source === null) return target === null;
  if (target === null || source === target || LEAVES.includes(to)) return true;
  const allowed = [...ALLOWED[source]!, ...(typeOnly ? (TYPES_ALLOWED[source] ?? []) : [])];
  return allowed.some((entry) => entry === target || entry === to);
}
