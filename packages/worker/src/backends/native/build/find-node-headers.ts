import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NativeBuildError } from './errors.ts';

/** Any Node's will do: the addon uses Node-API alone, whose headers only grow. */
const HEADER = 'node_api.h';

/**
 * A folder with the headers of Node-API: those of this Node, Debian's, or the npm package `node-api-headers` in the
 * working directory's project.
 * @throws NativeBuildError NODE_HEADERS_NOT_FOUND
 */
export function findNodeHeaders(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  execPath = process.execPath,
): string {
  const prefixes = [env.npm_config_nodedir, dirname(dirname(execPath)), '/usr', '/usr/local'];
  const folders = prefixes
    .filter((prefix) => prefix !== undefined)
    .flatMap((prefix) => [
      join(prefix, 'include', 'node'),
      join(prefix, 'include', 'nodejs', 'src'),
      join(prefix, 'src'),
    ]);
  const found = [...folders, ...fromNpm()].find((folder) => existsSync(join(folder, HEADER)));
  if (found !== undefined) return found;
  throw new NativeBuildError(
    'NODE_HEADERS_NOT_FOUND',
    `Node’s headers (${HEADER}) are not beside ${execPath}, nor in /usr. Get them from npm, in the folder where you run ` +
      'this: npm install --no-save node-api-headers',
  );
}

function fromNpm(): readonly string[] {
  try {
    const manifest = createRequire(join(process.cwd(), 'package.json')).resolve(
      'node-api-headers/package.json',
    );
    return [join(dirname(manifest), 'include')];
  } catch {
    return [];
  }
}
