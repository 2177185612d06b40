import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../backends/tf.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import { TrainerLoadError } from '../trainers/errors.ts';
import type { LayerStack } from './layer-stack.ts';

export type ResnetSpec = Extract<ResolvedTrainerSpec['model'], { type: 'resnet' }>;

/** Of the shortcut where a block changes the shape. */
const PROJECTION_KERNEL = 1;

/**
 * Residual blocks of two convolutions in stages, each stage after the first at half the resolution, then the mean over
 * all places. K. He et al., "Deep residual learning for image recognition", 2016, figure 2, shortcuts of option B.
 * @throws TrainerLoadError where the data are no images, or too small for so many stages
 */
export function stackResnet(tf: Tf, stack: LayerStack, spec: ResnetSpec, data: PreparedData): void {
  const [height, width] = data.inputShape;
  if (data.inputShape.length !== 3 || height === undefined || width === undefined) {
    throw new TrainerLoadError('A resnet needs images; for the rows of a table use `model: {type: mlp}`.');
  }
  if (2 ** (spec.filters.length - 1) > Math.min(height, width)) {
    throw new TrainerLoadError(
      `${spec.filters.length} stages are too many for ${height}x${width} images: each after the first halves them.`,
    );
  }
  stack.convolution(spec.filters[0]!, spec.kernel);
  spec.filters.forEach((filters, stage) => {
    for (let block = 0; block < spec.blocks; block++) {
      const isFirst = stage > 0 && block === 0;
      const strides = isFirst ? 2 : 1;
      stack.plus(
        (shortcut) => {
          if (isFirst) shortcut.linearConvolution(filters, PROJECTION_KERNEL, strides);
        },
        (main) => {
          main.convolution(filters, spec.kernel, strides);
          main.dropChannels(spec.spatial_dropout);
          main.linearConvolution(filters, spec.kernel);
        },
      );
    }
  });
  stack.add(tf.layers.globalAveragePooling2d({}));
  stack.drop();
}
