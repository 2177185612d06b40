import { createRequire } from 'node:module';
import { correctAveragePoolGradient } from './average-pool-gradient.ts';
import { BackendUnavailableError } from './errors.ts';
import { BACKEND_NAMES, type BackendName, isBackendName } from './names.ts';
import { loadNative } from './native/load-native.ts';
import { silenceTensorflowWarnings } from './quiet-warnings.ts';
import type { Tf } from './tf.ts';
import { loadWasm } from './wasm/load-wasm.ts';
import { loadWebgpu } from './webgpu/load-webgpu.ts';

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
  correctAveragePoolGradient(tf, 'cpu');
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
    const { versions, usesGpu } = loadNative(tf, ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']);
    if (usesGpu) return { name: 'node-gpu', versions };
    if (forced) {
      throw new Error('libtensorflow sees no GPU. Was it built with CUDA, and is that version of CUDA here?');
    }
    // It trains on the cores all the same, and two of them can't share a process.
    return { name: 'node', versions };
  },
  node: async (tf) => {
    // The same library with CUDA would take the GPU.
    process.env.CUDA_VISIBLE_DEVICES = '';
    const { versions } = loadNative(tf, ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']);
    return { name: 'node', versions };
  },
  webgpu: async (tf) => {
    const { versions } = await loadWebgpu(tf);
    return { name: 'webgpu', versions };
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
