import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from './tf.ts';

type Triple = readonly [number, number, number];

/** Pooling over depth, height and width; images have a depth of 1. */
interface Windows {
  readonly batch: number;
  readonly channels: number;
  readonly input: Triple;
  readonly output: Triple;
  readonly filter: Triple;
  readonly stride: Triple;
  /** Rows of padding before the first one, in each dimension. */
  readonly padding: Triple;
}

interface KernelArgs {
  readonly inputs: Readonly<Record<'dy' | 'input', TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: KernelBackend;
}

/**
 * Gives a backend the gradient of average pooling that its forward pass has. tfjs 4.22 averages over those elements of a
 * window that lie inside the input, and hands each of them the gradient divided by the size of the whole window: at the
 * edges of a padded input that is too little. (libtensorflow has it right.)
 */
export function correctAveragePoolGradient(tf: Tf, backendName: 'cpu' | 'wasm'): void {
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util;
  replace(tf, backendName, 'AvgPoolGrad', (shape, { filterSize, strides, pad, dimRoundingMode }) => {
    const info = computePool2DInfo(
      shape as never,
      filterSize as never,
      strides as never,
      1,
      pad as never,
      dimRoundingMode as never,
    );
    return {
      batch: info.batchSize,
      channels: info.inChannels,
      input: [1, info.inHeight, info.inWidth],
      output: [1, info.outHeight, info.outWidth],
      filter: [1, info.filterHeight, info.filterWidth],
      stride: [1, info.strideHeight, info.strideWidth],
      padding: [0, info.padInfo.top, info.padInfo.left],
    };
  });
  replace(tf, backendName, 'AvgPool3DGrad', (shape, { filterSize, strides, pad, dimRoundingMode }) => {
    const info = computePool3DInfo(
      shape as never,
      filterSize as never,
      strides as never,
      1,
      pad as never,
      dimRoundingMode as never,
    );
    return {
      batch: info.batchSize,
      channels: info.inChannels,
      input: [info.inDepth, info.inHeight, info.inWidth],
      output: [info.outDepth, info.outHeight, info.outWidth],
      filter: [info.filterDepth, info.filterHeight, info.filterWidth],
      stride: [info.strideDepth, info.strideHeight, info.strideWidth],
      padding: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
    };
  });
}

function replace(
  tf: Tf,
  backendName: string,
  kernelName: string,
  windowsOf: (shape: readonly number[], attrs: Readonly<Record<string, unknown>>) => Windows,
): void {
  const kernelFunc = ({ inputs: { dy, input }, attrs, backend }: KernelArgs): TensorInfo => {
    const gradients = backend.readSync(dy.dataId) as Float32Array;
    const values = spread(windowsOf(input.shape, attrs), gradients);
    return { dataId: backend.write(values, input.shape, 'float32'), shape: input.shape, dtype: 'float32' };
  };
  if (tf.getKernel(kernelName, backendName) !== undefined) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as never });
}

function spread(windows: Windows, gradients: Float32Array): Float32Array {
  const { batch, channels, input, output } = windows;
  const result = new Float32Array(batch * input[0] * input[1] * input[2] * channels);
  const spans = [0, 1, 2].map((axis) => spansOf(windows, axis as 0 | 1 | 2));
  let window = 0;
  for (let n = 0; n < batch; n++) {
    for (let d = 0; d < output[0]; d++) {
      for (let h = 0; h < output[1]; h++) {
        for (let w = 0; w < output[2]; w++, window += channels) {
          const [depth, height, width] = [spans[0]![d]!, spans[1]![h]!, spans[2]![w]!];
          const count = (depth.end - depth.first) * (height.end - height.first) * (width.end - width.first);
          for (let z = depth.first; z < depth.end; z++) {
            for (let y = height.first; y < height.end; y++) {
              let at = (((n * input[0] + z) * input[1] + y) * input[2] + width.first) * channels;
              for (let x = width.first; x < width.end; x++) {
                for (let c = 0; c < channels; c++, at++)
                  result[at] = result[at]! + gradients[window + c]! / count;
              }
            }
          }
        }
      }
    }
  }
  return result;
}

/** For each window along an axis, the part of it that lies inside the input. */
function spansOf(
  { input, output, filter, stride, padding }: Windows,
  axis: 0 | 1 | 2,
): Array<{ first: number; end: number }> {
  return Array.from({ length: output[axis] }, (_, i) => {
    const start = i * stride[axis] - padding[axis];
    return { first: Math.max(0, start), end: Math.min(input[axis], start + filter[axis]) };
  });
}
