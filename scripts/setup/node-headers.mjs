import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Points node-gyp at the headers that came with this Node, where they did: it would otherwise download them, which is
 * slower, and fails behind many firewalls. What the user has set stands, unless it belongs to another Node: a setting
 * in an .npmrc outlives the Node that it was made for.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{npm_config_nodedir?: string}}
 */
export function nodeHeaders(env) {
  const set = Object.entries(env).find(([name]) => /^npm_(package_)?config_nodedir$/i.test(name))?.[1];
  if (set !== undefined && [process.versions.modules, null].includes(abiOf(set))) return {};
  const prefix = dirname(dirname(process.execPath));
  return abiOf(prefix) === process.versions.modules ? { npm_config_nodedir: prefix } : {};
}

/**
 * @param {string} prefix
 * @returns {string | null} null where there are no headers
 */
function abiOf(prefix) {
  const header = join(prefix, 'include', 'node', 'node_version.h');
  if (!existsSync(header)) return null;
  return /#define NODE_MODULE_VERSION (\d+)/.exec(readFileSync(header, 'utf8'))?.[1] ?? null;
}
