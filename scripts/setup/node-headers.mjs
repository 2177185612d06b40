import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Points node-gyp at the headers that came with this Node, where they did: it would otherwise download them, which is
 * slower, and fails behind many firewalls. What the user has set stands.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{npm_config_nodedir?: string}}
 */
export function nodeHeaders(env) {
  if (Object.keys(env).some((name) => /^npm_(package_)?config_nodedir$/i.test(name))) return {};
  const prefix = dirname(dirname(process.execPath));
  const header = join(prefix, 'include', 'node', 'node_version.h');
  if (!existsSync(header)) return {};
  const abi = /#define NODE_MODULE_VERSION (\d+)/.exec(readFileSync(header, 'utf8'))?.[1];
  return abi === process.versions.modules ? { npm_config_nodedir: prefix } : {};
}
