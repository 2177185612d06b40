import type { OptimizerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../../backends/tf.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamax } from './adamax.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';
import type { UpdateRule } from './update-rule.ts';

const MOMENTUM = 0.9;
const BETA1 = 0.9;
const BETA2 = 0.999;
const DECAY = 0.9;
const EPSILON = 1e-7;

export type RuleSpec = Pick<OptimizerSpec, 'type' | 'momentum' | 'beta1' | 'beta2' | 'decay' | 'epsilon'>;

export function ruleOf(tf: Tf, spec: RuleSpec): UpdateRule {
  const { momentum, beta1 = BETA1, beta2 = BETA2, epsilon = EPSILON } = spec;
  switch (spec.type) {
    case 'sgd':
      return sgd(tf, momentum ?? 0, false);
    case 'momentum':
      return sgd(tf, momentum ?? MOMENTUM, false);
    case 'nesterov':
      return sgd(tf, momentum ?? MOMENTUM, true);
    case 'adam':
    case 'adamw':
      return adam(tf, beta1, beta2, epsilon);
    case 'adamax':
      return adamax(tf, beta1, beta2, epsilon);
    case 'rmsprop':
      return rmsprop(tf, spec.decay ?? DECAY, momentum ?? 0, epsilon);
    case 'adagrad':
      return adagrad(tf, epsilon);
  }
}
