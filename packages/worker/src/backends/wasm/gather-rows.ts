import type { TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tf.ts';
import { replaceKernel, type WasmBackend } from './heap.ts';

/** `model.fit` draws each batch by gathering rows, which tfjs copies number by number: here a row is one copy. */
export function replaceGather(tf: Tf, backend: WasmBackend): void {
  replaceKernel(tf, 'GatherV2', (original) => (args) => {
    const { x, indices } = args.inputs as { x: TensorInfo; indices: TensorInfo };
    const axis = tf.util.parseAxisParam(args.attrs.axis as number, x.shape)[0];
    if (axis !== 0 || args.attrs.batchDims !== 0 || x.dtype === 'string' || indices.dtype !== 'int32') {
      return original(args);
    }
    const rowShape = x.shape.slice(1);
    const length = tf.util.sizeFromShape(rowShape);
    const out = backend.makeOutput([...indices.shape, ...rowShape], x.dtype);
    const rows = backend.typedArrayFromHeap(indices);
    const source = backend.typedArrayFromHeap(x);
    const target = backend.typedArrayFromHeap(out);
    const count = x.shape[0]!;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (row < 0 || row >= count) {
        backend.disposeData(out.dataId);
        throw new Error(`gather: the index ${row} is out of bounds [0, ${count - 1}].`);
      }
      target.set(source.subarray(row * length, (row + 1) * length), i * length);
    }
    return out;
  });
}
