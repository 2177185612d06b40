import { fileURLToPath } from 'node:url';

/**
 * The compiled JavaScript beside (or below) a module, for a child process. Where the module itself runs from its
 * TypeScript source, as under the test runner, that is the file below `dist/`.
 */
export function builtFile(moduleUrl: string, relative: string): string {
  const path = fileURLToPath(new URL(relative, moduleUrl));
  if (!moduleUrl.endsWith('.ts')) return path;
  return path.replace(/([\\/]worker[\\/])src([\\/])/, '$1dist$2');
}
