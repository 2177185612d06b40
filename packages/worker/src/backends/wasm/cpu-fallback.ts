import type { backend_util, KernelBackend, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tf.ts';
import { addKernel, type Kernel, type WasmBackend } from './heap.ts';

/** Complex numbers are pairs of tensors inside a backend: they can't cross from one to another. */
const NOT_PORTABLE = new Set(['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Imag', 'Real']);

/** tfjs 4.22 has these on wasm, and they compute something else: found against libtensorflow and the cpu backend. */
const WRONG_ON_WASM = ['Conv3DBackpropFilterV2', 'Conv3DBackpropInputV2', 'MaxPool3D', 'MaxPool3DGrad'];

/**
 * Lends wasm every kernel that only the cpu backend has, or has right: inputs are copied over, the result is copied back. Slow, but a
 * model with, say, a depthwise convolution trains instead of ending with an error.
 */
export function registerCpuFallback(tf: Tf, backend: WasmBackend): void {
  for (const name of WRONG_ON_WASM) {
    if (tf.getKernel(name, 'wasm') !== undefined) tf.unregisterKernel(name, 'wasm');
  }
  const present = new Set(tf.getKernelsForBackend('wasm').map((kernel) => kernel.kernelName));
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    if (present.has(kernelName) || NOT_PORTABLE.has(kernelName)) continue;
    addKernel(tf, kernelName, borrow(tf, backend, kernelFunc as unknown as CpuKernel));
  }
}

type BackendValues = backend_util.BackendValues;

type CpuKernel = (args: {
  inputs: Record<string, TensorInfo | TensorInfo[]>;
  attrs: Readonly<Record<string, unknown>>;
  backend: KernelBackend;
}) => TensorInfo | TensorInfo[];

function borrow(tf: Tf, backend: WasmBackend, cpuKernel: CpuKernel): Kernel {
  return ({ inputs, attrs }) => {
    const cpu = tf.findBackend('cpu');
    const lent: TensorInfo[] = [];
    const lend = (tensor: TensorInfo): TensorInfo => {
      const values = backend.readSync(tensor.dataId);
      // A view of the wasm heap would change under the cpu backend's feet.
      const copy = (ArrayBuffer.isView(values) ? values.slice() : values) as BackendValues;
      const dataId = cpu.write(copy, tensor.shape, tensor.dtype);
      const info = { dataId, shape: tensor.shape, dtype: tensor.dtype };
      lent.push(info);
      return info;
    };
    const cpuInputs: Record<string, TensorInfo | TensorInfo[]> = {};
    for (const [name, tensor] of Object.entries(inputs)) {
      if (tensor !== undefined && tensor !== null) {
        cpuInputs[name] = Array.isArray(tensor) ? (tensor as TensorInfo[]).map(lend) : lend(tensor);
      }
    }
    const results = [cpuKernel({ inputs: cpuInputs, attrs, backend: cpu })].flat();
    const returned = results.map((result) => {
      const values = cpu.readSync(result.dataId);
      const dataId = (backend as unknown as KernelBackend).write(values, result.shape, result.dtype);
      return { dataId, shape: result.shape, dtype: result.dtype };
    });
    // A kernel may hand an input on as its result: each is disposed once.
    for (const dataId of new Set([...lent, ...results].map((tensor) => tensor.dataId)))
      cpu.disposeData(dataId, true);
    return returned.length === 1 ? returned[0]! : returned;
  };
}
