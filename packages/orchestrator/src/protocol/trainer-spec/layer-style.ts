import { z } from 'zod';
import { fraction } from './scalars.ts';

/** What the layers of every family have in common. */

export const dropoutShare = fraction
  .max(0.95)
  .default(0)
  .describe('Share of the units that is dropped while training, 0 to 0.95.');

const penalty = z.number().min(0).max(100).default(0);

export const layerStyle = {
  activation: z
    .enum(['relu', 'leaky_relu', 'elu', 'selu', 'gelu', 'swish', 'tanh', 'sigmoid', 'linear'])
    .default('relu')
    .describe('Between the layers.'),
  initializer: z
    .enum([
      'glorot_normal',
      'glorot_uniform',
      'he_normal',
      'he_uniform',
      'lecun_normal',
      'lecun_uniform',
      'orthogonal',
    ])
    .default('glorot_normal')
    .describe(
      'How weights are drawn: `he_…` fits the kin of relu, `lecun_…` selu, `glorot_…` tanh and sigmoid.',
    ),
  normalization: z
    .enum(['none', 'batch', 'layer'])
    .default('none')
    .describe(
      'Between a layer and its activation; `layer` does not depend on the other samples of the batch.',
    ),
  dropout: dropoutShare,
  l1: penalty.describe('Penalty on the sum of the absolute weights of each layer (no biases).'),
  l2: penalty.describe(
    'Penalty on the sum of their squares. For adam, `weight_decay` of adamw is the better kind.',
  ),
};

const styleSchema = z.strictObject(layerStyle);
export type LayerStyle = z.output<typeof styleSchema>;
