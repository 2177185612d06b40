/** The chain of backends, fastest first: the first one that works is used. */
export const BACKEND_NAMES = ['node-gpu', 'node', 'webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

const ON_GPUS: ReadonlySet<string> = new Set<BackendName>(['node-gpu', 'webgpu']);

/** The others compute on the cores, whatever GPUs there are. */
export function computesOnGpu(backend: string): boolean {
  return ON_GPUS.has(backend);
}

export function isBackendName(name: string): name is BackendName {
  return (BACKEND_NAMES as readonly string[]).includes(name);
}
