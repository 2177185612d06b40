import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeHeaders } from '../../scripts/setup/node-headers.mjs';

let prefix: string;
beforeEach(() => {
  prefix = mkdtempSync(join(tmpdir(), 'tfsweep-headers-'));
});
afterEach(() => rmSync(prefix, { recursive: true, force: true }));

function writeHeaders(abi: string): void {
  mkdirSync(join(prefix, 'include/node'), { recursive: true });
  writeFileSync(join(prefix, 'include/node/node_version.h'), `#define NODE_MODULE_VERSION ${abi}\n`);
}

it('leaves headers that the user has named for this Node as they are', () => {
  writeHeaders(process.versions.modules);
  expect(nodeHeaders({ npm_config_nodedir: prefix })).toEqual({});
});

it('leaves a folder that it knows nothing about as it is', () => {
  expect(nodeHeaders({ npm_config_nodedir: join(prefix, 'none') })).toEqual({});
});

it('does not build against the headers of another Node, which an .npmrc may still name', () => {
  writeHeaders('1');
  const own = nodeHeaders({});
  expect(nodeHeaders({ npm_config_nodedir: prefix })).toEqual(own);
  if (own.npm_config_nodedir !== undefined)
    expect(own.npm_config_nodedir).toBe(dirname(dirname(process.execPath)));
});
