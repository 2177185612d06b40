import { createRequire } from 'node:module';
import { BackendUnavailableError } from './errors.ts';
import { BACKEND_NAMES, type BackendName, isBackendName } from './names.ts';
import { loadNative, nativeAddonProblem } from './native-addon.ts';
import { silenceTensorflowWarnings } from './quiet-warnings.ts';
import type { Tf } from './tf.ts';
import { loadWasm } from './wasm/load-wasm.ts';

const require = createRequire(import.meta.url);

export interface LoadedBackend {
  readonly tf: Tf;
  readonly name: BackendName;
  /** Of TensorFlow.js and what the backend is made of. */
  readonly versions: Readonly<Record<string, string>>;
}

type Loader = (tf: Tf) => Promise<{ name: BackendName; versions: Record<string, string> }>;

/**
 * Loads TensorFlow.js into this process with the first backend of the chain that works, or with `forced` alone.
 * @throws BackendUnavailableError with the reason for each backend that was tried
 */
export async function loadBackend(forced: string | null): Promise<LoadedBackend> {
  if (forced !== null && !isBackendName(forced)) {
    throw new BackendUnavailableError(forced, [`Known are ${BACKEND_NAMES.join(', ')}.`]);
  }
  silenceTensorflowWarnings();
  const tf = require('@tensorflow/tfjs') as Tf;
  const reasons: string[] = [];
  for (const name of forced === null ? BACKEND_NAMES : [forced]) {
    try {
      const { name: loaded, versions } = await LOADERS[name](tf, forced !== null);
      return {
        tf,
        name: loaded,
        versions: { node: process.versions.node, tfjs: tf.version.tfjs, ...versions },
      };
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  throw new BackendUnavailableError(forced, reasons);
}

const LOADERS: Readonly<Record<BackendName, (tf: Tf, forced: boolean) => ReturnType<Loader>>> = {
  'node-gpu': async (tf, forced) => {
    requireAddon('@tensorflow/tfjs-node-gpu');
    const { version, usesGpu } = loadNative(tf, '@tensorflow/tfjs-node-gpu');
    const versions = { 'tfjs-node-gpu': version };
    if (usesGpu) return { name: 'node-gpu', versions };
    if (forced)
      throw new Error('libtensorflow sees no GPU. Is the CUDA version that it was built for installed?');
    // Its library trains on the CPU as well as the other package's, and two of them can't share a process.
    return { name: 'node', versions };
  },
  node: async (tf) => {
    requireAddon('@tensorflow/tfjs-node');
    const { version } = loadNative(tf, '@tensorflow/tfjs-node');
    return { name: 'node', versions: { 'tfjs-node': version } };
  },
  wasm: async (tf) => {
    const { version } = await loadWasm(tf);
    return { name: 'wasm', versions: { 'tfjs-backend-wasm': version } };
  },
  cpu: async (tf) => {
    if (!(await tf.setBackend('cpu')) || tf.getBackend() !== 'cpu')
      throw new Error('the cpu backend did not start');
    return { name: 'cpu', versions: {} };
  },
};

function requireAddon(name: Parameters<typeof nativeAddonProblem>[0]): void {
  const problem = nativeAddonProblem(name);
  if (problem !== null) throw new Error(problem);
}
