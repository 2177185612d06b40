import { z } from 'zod';
import { dropoutShare, layerStyle } from './layer-style.ts';
import { positiveInt } from './scalars.ts';

/** A list, or one number for a list of one: a parameter that is absent takes its key along only where it is the value. */
const sizes = (most: number) =>
  z.union([z.array(positiveInt.max(most)), positiveInt.max(most).transform((size) => [size])]);
const sizesFromOne = (most: number) =>
  z.union([z.array(positiveInt.max(most)).min(1), positiveInt.max(most).transform((size) => [size])]);

const mlpModel = z
  .strictObject({
    type: z.literal('mlp').describe('Dense layers.'),
    hidden: sizes(8192).prefault([64]).describe('Units of the hidden layers.'),
    ...layerStyle,
  })
  .meta({ title: 'mlp' });

const cnnModel = z
  .strictObject({
    type: z.literal('cnn').describe('Convolution blocks, then dense layers; for images.'),
    filters: sizesFromOne(1024)
      .prefault([8, 16])
      .describe('Filters of the convolution blocks; each is followed by 2x2 max pooling.'),
    kernel: positiveInt.max(15).default(3).describe('Width and height of the convolutions.'),
    dense: sizes(8192).prefault([64]).describe('Units of the dense layers after the convolutions.'),
    ...layerStyle,
    spatial_dropout: dropoutShare.describe(
      'Share of whole filters that is dropped after each block, 0 to 0.95.',
    ),
  })
  .meta({ title: 'cnn' });

const resnetModel = z
  .strictObject({
    type: z.literal('resnet').describe('Residual blocks in stages of falling resolution; for images.'),
    filters: sizesFromOne(1024)
      .prefault([8, 16])
      .describe('Filters of the stages; each after the first halves height and width.'),
    blocks: positiveInt.max(64).default(1).describe('Residual blocks of two convolutions in each stage.'),
    kernel: positiveInt.max(15).default(3).describe('Width and height of the convolutions.'),
    ...layerStyle,
    normalization: layerStyle.normalization.default('batch'),
    spatial_dropout: dropoutShare.describe(
      'Share of whole filters that is dropped inside each block, 0 to 0.95.',
    ),
  })
  .meta({ title: 'resnet' });

export const modelSchema = z
  .discriminatedUnion('type', [mlpModel, cnnModel, resnetModel])
  .describe('The network.');
