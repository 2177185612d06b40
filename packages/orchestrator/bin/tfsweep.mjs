#!/usr/bin/env node
// Committed, so that package managers can link it before anything is built.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('tfsweep is not built yet. In the clone run `npm start` once, or `pnpm build`.\n');
  process.exitCode = 2;
}
