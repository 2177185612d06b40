import type { TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tf.ts';
import { replaceKernel, transpose, type WasmBackend } from './heap.ts';

/**
 * tfjs hands a product to XNNPACK only where nothing is transposed, and the gradient of a dense layer always has
 * something transposed: turned beforehand, it is several times as fast.
 */
export function replaceBatchMatMul(tf: Tf, backend: WasmBackend): void {
  replaceKernel(tf, 'BatchMatMul', (original) => (args) => {
    const { transposeA, transposeB } = args.attrs as { transposeA: boolean; transposeB: boolean };
    if (!transposeA && !transposeB) return original(args);
    const { a, b } = args.inputs as { a: TensorInfo; b: TensorInfo };
    const left = transposeA ? transpose(tf, backend, a, lastTwoSwapped(a.shape.length)) : a;
    const right = transposeB ? transpose(tf, backend, b, lastTwoSwapped(b.shape.length)) : b;
    const product = original({
      inputs: { a: left, b: right },
      attrs: { transposeA: false, transposeB: false },
      backend,
    });
    if (left !== a) backend.disposeData(left.dataId);
    if (right !== b) backend.disposeData(right.dataId);
    return product;
  });
}

function lastTwoSwapped(rank: number): number[] {
  const order = Array.from({ length: rank }, (_, axis) => axis);
  order[rank - 2] = rank - 1;
  order[rank - 1] = rank - 2;
  return order;
}
