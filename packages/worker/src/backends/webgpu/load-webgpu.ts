import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tf } from '../tf.ts';

/** Set to 1, an adapter that computes on the cores will do: for tests where there is no GPU. */
export const SOFTWARE_ADAPTER_VARIABLE = 'TFSWEEP_WEBGPU_SOFTWARE';

const PACKAGES = ['webgpu', '@tensorflow/tfjs-backend-webgpu'] as const;

/** What we use of Dawn's bindings for Node, the package `webgpu`. */
interface Dawn {
  create(options: readonly string[]): Gpu;
  readonly globals: object;
}

interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}

interface Adapter {
  readonly info: {
    readonly vendor: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
}

/**
 * Starts tfjs's webgpu backend on Dawn, WebGPU outside of a browser: any vendor's GPU through Vulkan, Metal or Direct3D.
 * Both packages are the user's to install: they are large, and most machines have no use for them.
 * @throws Error when a package or a hardware adapter is missing, or the backend does not start
 */
export async function loadWebgpu(tf: Tf): Promise<{ versions: Record<string, string> }> {
  const [dawnPath, backendPath] = PACKAGES.map(resolvePackage);
  const { create, globals } = (await import(pathToFileURL(dawnPath!).href)) as Dawn;
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null)
    throw new Error('Dawn finds no adapter: is there a GPU, and a driver for it (Vulkan, on Linux)?');
  const { info } = adapter;
  if (info.isFallbackAdapter && process.env[SOFTWARE_ADAPTER_VARIABLE] !== '1') {
    throw new Error(`the only adapter (${nameOf(info)}) computes on the cores, where wasm is faster.`);
  }
  Object.assign(globalThis, globals);
  // tfjs looks for the API where a browser has it; Node's own navigator lacks it, and can't be added to.
  Object.defineProperty(globalThis, 'navigator', {
    value: { userAgent: `Node.js/${process.versions.node}`, gpu },
    configurable: true,
    writable: true,
  });
  const requireBackend = createRequire(backendPath!);
  requireBackend(backendPath!);
  if (!(await tf.setBackend('webgpu')) || tf.getBackend() !== 'webgpu') {
    throw new Error('the webgpu backend did not start');
  }
  const { version } = requireBackend('@tensorflow/tfjs-backend-webgpu/package.json') as { version: string };
  return { versions: { 'tfjs-backend-webgpu': version, adapter: nameOf(info) } };
}

function nameOf({ description, device, vendor }: Adapter['info']): string {
  return description || device || vendor;
}

/** From here, or from the project in the working directory: strict layouts hide what this package does not depend on. */
function resolvePackage(name: string): string {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not there.
    }
  }
  throw new Error(`${name} is not installed. For any vendor’s GPU: npm install ${PACKAGES.join(' ')}@4.22.0`);
}
