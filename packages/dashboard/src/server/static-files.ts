import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

/** The same folder from `src/server/` and from `dist/server/`. */
const WEB_DIR = new URL('../../dist/web/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The built page, whole, by URL path. A request is looked up here and never becomes a path of the file system.
 * Empty where the page was not built.
 */
export async function loadStaticFiles(): Promise<ReadonlyMap<string, StaticFile>> {
  const files = new Map<string, StaticFile>();
  for (const { path, url } of await list(WEB_DIR, '/')) {
    const type = TYPES[extname(path)];
    if (type === undefined) continue;
    const body = new Uint8Array(await readFile(url));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    files.set(path === '/index.html' ? '/' : path, { body, type, etag });
  }
  return files;
}

async function list(folder: URL, prefix: string): Promise<Array<{ path: string; url: URL }>> {
  const entries = await readdir(fileURLToPath(folder), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = prefix + entry.name;
      if (entry.isDirectory()) return list(new URL(`${entry.name}/`, folder), `${path}/`);
      return entry.isFile() ? [{ path, url: new URL(entry.name, folder) }] : [];
    }),
  );
  return found.flat();
}
