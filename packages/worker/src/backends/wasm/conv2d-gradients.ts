import type { TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tf.ts';
import { addKernel, type Kernel, replaceKernel, transpose, type WasmBackend } from './heap.ts';

type Shape4D = [number, number, number, number];
type ConvInfo = ReturnType<Tf['backend_util']['computeConv2DInfo']>;

/** A convolution of NHWC by HWIO that XNNPACK carries out; every pad is explicit and at least 0. */
interface Convolution {
  readonly x: TensorInfo;
  /** Batch, height, width and channels that `x` is read as. */
  readonly xShape: Shape4D;
  readonly filter: TensorInfo;
  readonly filterShape: Shape4D;
  readonly pad: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly dilation: readonly [number, number];
  readonly out: TensorInfo;
}

/**
 * Gradients of conv2d as convolutions. tfjs's wasm backend has no filter gradient, and computes the input gradient in
 * scalar loops; XNNPACK's SIMD convolution, which it has for the forward pass, computes both many times faster.
 */
export function registerConv2dGradients(tf: Tf, backend: WasmBackend): void {
  const wasmConv2d = backend.wasm.cwrap('Conv2D', null, new Array<string>(19).fill('number'));
  const idOf = (tensor: TensorInfo): number => backend.dataIdMap.get(tensor.dataId).id;
  const convolve = (c: Convolution): void => {
    const [batch, height, width, inChannels] = c.xShape;
    const [filterHeight, filterWidth, , outChannels] = c.filterShape;
    const { top, right, bottom, left } = c.pad;
    const samePad = 0;
    const stride = 1;
    // biome-ignore format: the order is that of tfjs-backend-wasm/src/cc/kernels/Conv2D.cc
    wasmConv2d(
      idOf(c.x), batch, height, width, idOf(c.filter), filterHeight, filterWidth, top, right, bottom, left, samePad,
      c.dilation[0], c.dilation[1], stride, stride, inChannels, outChannels, idOf(c.out),
    );
  };
  const infoOf = (
    inputShape: Shape4D,
    filterShape: Shape4D,
    attrs: Readonly<Record<string, unknown>>,
  ): ConvInfo =>
    tf.backend_util.computeConv2DInfo(
      inputShape,
      filterShape,
      attrs.strides as number | [number, number],
      1,
      attrs.pad as 'same' | 'valid' | number,
      attrs.dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
      false,
      'channelsLast',
    );
  const onlyChannelsLast = (attrs: Readonly<Record<string, unknown>>): void => {
    if (attrs.dataFormat === 'NCHW')
      throw new Error('The wasm backend computes conv2d for channels-last data alone.');
  };

  /**
   * dW[a,b,c,o] = Σ x[n, i·s+a−pad, j·s+b−pad, c] · dy[n,i,j,o]: x, its channels as the batch and its batch as the
   * channels, convolved with dy as the filter. The stride of the forward pass becomes the dilation.
   */
  const filterGradient: Kernel = ({ inputs, attrs }) => {
    onlyChannelsLast(attrs);
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const filterShape = attrs.filterShape as Shape4D;
    const info = infoOf(x.shape as Shape4D, filterShape, attrs);
    const { batchSize, inChannels, outChannels, inHeight, inWidth, outHeight, outWidth } = info;
    const out = backend.makeOutput(filterShape, 'float32');
    if (batchSize * outHeight * outWidth === 0) {
      backend.typedArrayFromHeap(out).fill(0);
      return out;
    }
    const { top, left } = info.padInfo;
    const dilation = [info.strideHeight, info.strideWidth] as const;
    const spanY = (outHeight - 1) * dilation[0];
    const spanX = (outWidth - 1) * dilation[1];
    // Rows and columns that no window reached give more outputs than the filter has: those are left behind below.
    const bottom = Math.max(0, spanY + info.filterHeight - inHeight - top);
    const right = Math.max(0, spanX + info.filterWidth - inWidth - left);
    const rows = inHeight + top + bottom - spanY;
    const columns = inWidth + left + right - spanX;

    const images = { dataId: x.dataId, dtype: x.dtype, shape: [batchSize, inHeight * inWidth, inChannels] };
    const windows = {
      dataId: dy.dataId,
      dtype: dy.dtype,
      shape: [batchSize, outHeight * outWidth, outChannels],
    };
    const swappedX = transpose(tf, backend, images, [2, 1, 0]);
    const swappedDy = transpose(tf, backend, windows, [1, 0, 2]);
    const raw = backend.makeOutput([inChannels, rows, columns, outChannels], 'float32');
    convolve({
      x: swappedX,
      xShape: [inChannels, inHeight, inWidth, batchSize],
      filter: swappedDy,
      filterShape: [outHeight, outWidth, batchSize, outChannels],
      pad: { top, right, bottom, left },
      dilation,
      out: raw,
    });
    backend.disposeData(swappedX.dataId);
    backend.disposeData(swappedDy.dataId);

    const source = backend.typedArrayFromHeap(raw);
    const target = backend.typedArrayFromHeap(out);
    let to = 0;
    for (let a = 0; a < info.filterHeight; a++) {
      for (let b = 0; b < info.filterWidth; b++) {
        for (let c = 0; c < inChannels; c++) {
          const from = ((c * rows + a) * columns + b) * outChannels;
          for (let o = 0; o < outChannels; o++) target[to++] = source[from + o]!;
        }
      }
    }
    backend.disposeData(raw.dataId);
    return out;
  };

  /** dX is dy convolved with the filter turned by 180° and its channels swapped; strides would need dy spread out. */
  const inputGradient =
    (original: Kernel): Kernel =>
    (args) => {
      onlyChannelsLast(args.attrs);
      const { dy, filter } = args.inputs as { dy: TensorInfo; filter: TensorInfo };
      const inputShape = args.attrs.inputShape as Shape4D;
      const info = infoOf(inputShape, filter.shape as Shape4D, args.attrs);
      const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
      const top = filterHeight - 1 - info.padInfo.top;
      const left = filterWidth - 1 - info.padInfo.left;
      const bottom = info.inHeight + filterHeight - 1 - outHeight - top;
      const right = info.inWidth + filterWidth - 1 - outWidth - left;
      const covered =
        info.strideHeight === 1 && info.strideWidth === 1 && Math.min(top, left, bottom, right) >= 0;
      if (!covered || batchSize * outHeight * outWidth === 0) return original(args);

      const turned = backend.makeOutput([filterHeight, filterWidth, outChannels, inChannels], 'float32');
      const out = backend.makeOutput(inputShape, 'float32');
      const source = backend.typedArrayFromHeap(filter);
      const target = backend.typedArrayFromHeap(turned);
      const places = filterHeight * filterWidth;
      const square = inChannels * outChannels;
      for (let place = 0; place < places; place++) {
        const from = (places - 1 - place) * square;
        const to = place * square;
        for (let c = 0; c < inChannels; c++) {
          for (let o = 0; o < outChannels; o++)
            target[to + o * inChannels + c] = source[from + c * outChannels + o]!;
        }
      }
      convolve({
        x: dy,
        xShape: [batchSize, outHeight, outWidth, outChannels],
        filter: turned,
        filterShape: [filterHeight, filterWidth, outChannels, inChannels],
        pad: { top, right, bottom, left },
        dilation: [1, 1],
        out,
      });
      backend.disposeData(turned.dataId);
      return out;
    };

  addKernel(tf, 'Conv2DBackpropFilter', filterGradient);
  replaceKernel(tf, 'Conv2DBackpropInput', inputGradient);
}
