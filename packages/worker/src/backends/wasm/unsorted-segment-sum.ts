import type { TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tf.ts';
import { addKernel, type WasmBackend } from './heap.ts';

/** The gradient of an embedding, missing on wasm. Rows whose segment is negative or too large are dropped. */
export function registerUnsortedSegmentSum(tf: Tf, backend: WasmBackend): void {
  addKernel(tf, 'UnsortedSegmentSum', ({ inputs, attrs }) => {
    const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
    const segments = attrs.numSegments as number;
    const rowShape = x.shape.slice(segmentIds.shape.length);
    const length = tf.util.sizeFromShape(rowShape);
    const out = backend.makeOutput([segments, ...rowShape], x.dtype);
    const ids = backend.typedArrayFromHeap(segmentIds);
    const source = backend.typedArrayFromHeap(x);
    const target = backend.typedArrayFromHeap(out);
    target.fill(0);
    for (let row = 0; row < ids.length; row++) {
      const segment = ids[row]!;
      if (segment < 0 || segment >= segments) continue;
      const from = row * length;
      const to = segment * length;
      for (let k = 0; k < length; k++) target[to + k] = target[to + k]! + source[from + k]!;
    }
    return out;
  });
}
