import type { DataType, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tf.ts';

export type HeapView = Float32Array | Int32Array | Uint8Array;

/**
 * What our kernels use of tfjs's wasm backend. `makeOutput` may grow the wasm memory, which detaches every view taken
 * before: allocate all outputs first, then take the views.
 */
export interface WasmBackend {
  readonly dataIdMap: { get(dataId: object): { readonly id: number } };
  readonly wasm: {
    cwrap(name: string, returns: null, parameters: readonly string[]): (...args: number[]) => void;
  };
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): HeapView;
  readSync(dataId: object): HeapView | string[] | Uint8Array[];
  disposeData(dataId: object): boolean;
}

export interface KernelArgs {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: WasmBackend;
}

export type Kernel = (args: KernelArgs) => TensorInfo | TensorInfo[];

/** The registered wasm kernel of this name. @throws Error where tfjs has none */
export function wasmKernel(tf: Tf, name: string): Kernel {
  const config = tf.getKernel(name, 'wasm');
  if (config === undefined) throw new Error(`The wasm backend of this TensorFlow.js has no kernel ${name}.`);
  return config.kernelFunc as unknown as Kernel;
}

export function addKernel(tf: Tf, name: string, kernel: Kernel): void {
  tf.registerKernel({ kernelName: name, backendName: 'wasm', kernelFunc: kernel as never });
}

/** Puts a kernel in the place of tfjs's own, which it may call for what it does not cover. */
export function replaceKernel(tf: Tf, name: string, make: (original: Kernel) => Kernel): void {
  const config = tf.getKernel(name, 'wasm');
  if (config === undefined) return;
  const kernel = make(config.kernelFunc as unknown as Kernel);
  tf.unregisterKernel(name, 'wasm');
  tf.registerKernel({ ...config, kernelFunc: kernel as never });
}

/** Transposes through tfjs's kernel; the caller disposes the result. */
export function transpose(tf: Tf, backend: WasmBackend, x: TensorInfo, perm: readonly number[]): TensorInfo {
  return wasmKernel(tf, 'Transpose')({ inputs: { x }, attrs: { perm }, backend }) as TensorInfo;
}
