import { z } from 'zod';
import { dropoutShare, layerStyle } from './layer-style.ts';
import { positiveInt } from './scalars.ts';

const mlpModel = z
  .strictObject({
    type: z.literal('mlp').describe('Dense layers.'),
    hidden: z.array(positiveInt.max(8192)).default([64]).describe('Units of the hidden layers.'),
    ...layerStyle,
  })
  .meta({ title: 'mlp' });

const cnnModel = z
  .strictObject({
    type: z.literal('cnn').describe('Convolution blocks, then dense layers; for images.'),
    filters: z
      .array(positiveInt.max(1024))
      .min(1)
      .default([8, 16])
      .describe('Filters of the convolution blocks; each is followed by 2x2 max pooling.'),
    kernel: positiveInt.max(15).default(3).describe('Width and height of the convolutions.'),
    dense: z
      .array(positiveInt.max(8192))
      .default([64])
      .describe('Units of the dense layers after the convolutions.'),
    ...layerStyle,
    spatial_dropout: dropoutShare.describe(
      'Share of whole filters that is dropped after each block, 0 to 0.95.',
    ),
  })
  .meta({ title: 'cnn' });

export const modelSchema = z.discriminatedUnion('type', [mlpModel, cnnModel]).describe('The network.');
