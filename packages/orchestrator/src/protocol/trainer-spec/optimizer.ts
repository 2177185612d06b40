import { z } from 'zod';

export const optimizerSchema = z.strictObject({
  type: z
    .enum(['sgd', 'momentum', 'adam', 'adamax', 'rmsprop', 'adagrad'])
    .default('adam')
    .describe('Its name in tfjs.'),
  learning_rate: z.number().gt(0).default(0.001).describe('Step size, more than 0.'),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe('With `sgd` (which then is `momentum`), `momentum` and `rmsprop`; 0 to less than 1.'),
});
