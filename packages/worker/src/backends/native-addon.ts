import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import nodeUtil from 'node:util';
import type { Tf } from './tf.ts';

const require = createRequire(import.meta.url);

export type NativePackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
}

export interface NativeBackendState {
  readonly version: string;
  /** libtensorflow found a GPU and puts tensors there. */
  readonly usesGpu: boolean;
}

/**
 * Why the package's native addon can't be used, or null. Looks at files alone: requiring a package without its addon
 * leaves its kernels registered, and the next package then warns once for each of them.
 */
export function nativeAddonProblem(name: NativePackage): string | null {
  const folder = packageFolder(name);
  if (folder === null) return `${name} is not installed.`;
  return hasBinding(join(folder, 'lib')) ? null : `${name} is installed without its native addon.`;
}

/** Loads the package's addon as tfjs's backend. @throws Error when the library can't be loaded */
export function loadNative(tf: Tf, name: NativePackage): NativeBackendState {
  restoreRemovedUtil();
  const native = require(name) as { version: Readonly<Record<string, string>> };
  if (tf.getBackend() !== 'tensorflow') throw new Error(`${name} did not become the backend`);
  const backend = tf.backend() as unknown as NativeBackend;
  return { version: native.version['tfjs-node'] ?? '', usesGpu: backend.isUsingGpuDevice };
}

function packageFolder(name: NativePackage): string | null {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

function hasBinding(lib: string): boolean {
  return (
    existsSync(lib) && readdirSync(lib).some((folder) => existsSync(join(lib, folder, 'tfjs_binding.node')))
  );
}

/** tfjs-node 4.22 calls two functions that Node 23 removed (tensorflow/tfjs#8609). */
function restoreRemovedUtil(): void {
  const util = nodeUtil as unknown as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown): boolean => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
