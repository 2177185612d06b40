import { createRequire } from 'node:module';
import type { Tf } from '../tf.ts';
import { chooseAddon, type NativePackage } from './installed-addons.ts';
import { restoreRemovedUtil } from './removed-util.ts';

const require = createRequire(import.meta.url);

interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

export interface NativeBackendState {
  readonly versions: Record<string, string>;
  /** libtensorflow found a GPU and puts tensors there. */
  readonly usesGpu: boolean;
}

/**
 * Loads the native addon of one of `packages` as tfjs's backend. libtensorflow reads the environment now and never again.
 * @throws Error when there is none, or it can't be loaded
 */
export function loadNative(tf: Tf, packages: readonly NativePackage[]): NativeBackendState {
  const addon = chooseAddon(packages);
  restoreRemovedUtil();
  // Otherwise it greets everybody with three lines about the processor.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  const { version } = require(addon.package) as { version: Readonly<Record<string, string>> };
  if (tf.getBackend() !== 'tensorflow') throw new Error(`${addon.package} did not become the backend`);
  const backend = tf.backend() as unknown as NativeBackend;
  return {
    versions: { 'tfjs-node': version['tfjs-node'] ?? '', libtensorflow: backend.binding.TF_Version },
    usesGpu: backend.isUsingGpuDevice,
  };
}
