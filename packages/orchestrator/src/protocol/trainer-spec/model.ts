import { z } from 'zod';
import { fraction, positiveInt } from './scalars.ts';

const activation = z
  .enum(['relu', 'elu', 'selu', 'tanh', 'sigmoid', 'swish', 'gelu', 'linear'])
  .default('relu')
  .describe('Between the layers.');
const dropout = fraction
  .max(0.95)
  .default(0)
  .describe('Share of the units that is dropped while training, 0 to 0.95.');

const mlpModel = z
  .strictObject({
    type: z.literal('mlp').describe('Dense layers.'),
    hidden: z.array(positiveInt.max(8192)).default([64]).describe('Units of the hidden layers.'),
    activation,
    dropout,
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
    activation,
    dropout,
  })
  .meta({ title: 'cnn' });

export const modelSchema = z.discriminatedUnion('type', [mlpModel, cnnModel]).describe('The network.');
