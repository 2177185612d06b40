import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Start the built product, or a browser. */
const PRODUCT_TESTS = ['tests/{e2e,dashboard,library}/**/*.test.ts'];

const cores = availableParallelism();

export default defineConfig({
  // Tests import the packages' sources; what they start as child processes is the built product.
  resolve: { conditions: ['tfsweep-source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['tfsweep-source', 'node', 'import', 'default'] } },
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: PRODUCT_TESTS,
          globalSetup: ['./tests/setup/test-environment.ts'],
          maxWorkers: Math.max(2, cores - 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole sweeps on all cores: after the others, and at half the width, so that their times mean something.
        extends: true,
        test: {
          name: 'product',
          include: PRODUCT_TESTS,
          globalSetup: ['./tests/setup/test-environment.ts', './tests/setup/require-fresh-build.ts'],
          maxWorkers: Math.max(1, Math.floor(cores / 2)),
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
