import type { TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tf.ts';
import { type HeapView, replaceKernel, type WasmBackend } from './heap.ts';

type PoolInfo = ReturnType<Tf['backend_util']['computePool2DInfo']>;

/** The three tensors of the kernel as they lie on the wasm heap. */
interface Views {
  readonly values: HeapView;
  readonly gradients: HeapView;
  /** Filled with zeros. */
  readonly target: HeapView;
}

/** Each window hands its gradient to its first maximum, as the cpu backend does; several times as fast as tfjs's own. */
export function replaceMaxPoolGradient(tf: Tf, backend: WasmBackend): void {
  replaceKernel(tf, 'MaxPoolGrad', (original) => (args) => {
    const { dy, input } = args.inputs as { dy: TensorInfo; input: TensorInfo };
    if (input.dtype !== 'float32') return original(args);
    const info = tf.backend_util.computePool2DInfo(
      input.shape as [number, number, number, number],
      args.attrs.filterSize as number | [number, number],
      args.attrs.strides as number | [number, number],
      1,
      args.attrs.pad as 'same' | 'valid' | number,
      args.attrs.dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
    );
    const out = backend.makeOutput(input.shape, 'float32');
    const views: Views = {
      values: backend.typedArrayFromHeap(input),
      gradients: backend.typedArrayFromHeap(dy),
      target: backend.typedArrayFromHeap(out),
    };
    views.target.fill(0);
    if (isTwoByTwo(info)) scatterTwoByTwo(info, views);
    else scatter(info, views);
    return out;
  });
}

/** What nearly every network uses: 2x2 windows side by side, none of which reaches over an edge. */
function isTwoByTwo(info: PoolInfo): boolean {
  const { padInfo } = info;
  return (
    info.filterHeight === 2 &&
    info.filterWidth === 2 &&
    info.strideHeight === 2 &&
    info.strideWidth === 2 &&
    padInfo.top + padInfo.bottom + padInfo.left + padInfo.right === 0
  );
}

function scatterTwoByTwo(info: PoolInfo, { values, gradients, target }: Views): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = info;
  const rowLength = inWidth * inChannels;
  let window = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        const corner = ((n * inHeight + 2 * i) * inWidth + 2 * j) * inChannels;
        for (let first = corner; first < corner + inChannels; first++, window++) {
          let at = first;
          let best = values[first]!;
          let other = first + inChannels;
          if (values[other]! > best) {
            best = values[other]!;
            at = other;
          }
          other = first + rowLength;
          if (values[other]! > best) {
            best = values[other]!;
            at = other;
          }
          other += inChannels;
          if (values[other]! > best) at = other;
          target[at] = gradients[window]!;
        }
      }
    }
  }
}

function scatter(info: PoolInfo, { values, gradients, target }: Views): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  let window = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * info.strideHeight - padInfo.top;
      const firstRow = Math.max(0, top);
      const endRow = Math.min(inHeight, top + info.filterHeight);
      for (let j = 0; j < outWidth; j++) {
        const left = j * info.strideWidth - padInfo.left;
        const firstColumn = Math.max(0, left);
        const endColumn = Math.min(inWidth, left + info.filterWidth);
        for (let c = 0; c < inChannels; c++, window++) {
          let best = Number.NEGATIVE_INFINITY;
          let bestAt = -1;
          for (let row = firstRow; row < endRow; row++) {
            let at = ((n * inHeight + row) * inWidth + firstColumn) * inChannels + c;
            for (let column = firstColumn; column < endColumn; column++, at += inChannels) {
              const value = values[at]!;
              if (value > best) {
                best = value;
                bestAt = at;
              }
            }
          }
          if (bestAt >= 0) target[bestAt] = target[bestAt]! + gradients[window]!;
        }
      }
    }
  }
}
