import type { LayersModel, NamedTensorMap, Optimizer, Tensor, Variable } from '@tensorflow/tfjs';
import { type OptimizerInput, optimizerSchema } from '@tfsweep/orchestrator/protocol';
import { z } from 'zod';
import type { Tf } from '../backends/tf.ts';
import { clipByGlobalNorm, clipByValue } from './gradient-clipping.ts';
import { withinNorm } from './max-norm.ts';
import { ruleOf } from './rules/rule-of.ts';
import { learningRateFactor, type TrainingLength } from './schedule.ts';
import { type NamedTensor, SlotStore } from './slots.ts';
import { WeightAverages } from './weight-averages.ts';

/** An optimizer for `model.compile` that clips, accumulates, decays weights, and moves its learning rate. */
export interface SteppingOptimizer extends Optimizer {
  /** Of the next step. */
  readonly learningRate: number;
  /** A further factor of the learning rate, for what happens between epochs. */
  scale: number;
  /** Size of the next batch against a full one: what its gradients weigh where several batches make a step. */
  batchWeight: number;
  /**
   * Puts averaged weights in the place of those of the model that this trains, and back: a second call undoes the
   * first. Without `averaging`, and before there is an average, nothing happens.
   */
  swapAverages(model: LayersModel): void;
  /** Makes a step of the batches that wait for others, if any: at the end of an epoch. */
  flush(): void;
}

/** The keys of `trainer.optimizer` in a sweep file. */
export type OptimizerOptions = OptimizerInput;

const ADAMW_DECAY = 0.01;

/**
 * Makes an optimizer of what a sweep file says of one.
 * @param length needed by a schedule that ends with the training
 * @throws RangeError for options that do not fit, and for a schedule without a length
 */
export function createOptimizer(
  tf: Tf,
  given: OptimizerOptions,
  length: TrainingLength | null = null,
): SteppingOptimizer {
  const options = checked(given);
  const { type, schedule, accumulate, learning_rate: highest } = options;
  const timed =
    schedule !== undefined
      ? `schedule ${schedule.type}`
      : options.averaging?.type === 'swa'
        ? 'averaging swa'
        : null;
  if (timed !== null && length === null) {
    throw new RangeError(
      `The ${timed} needs the steps of an epoch and the epochs of the training: createOptimizer(tf, …, {stepsPerEpoch, epochs}).`,
    );
  }
  const rule = ruleOf(tf, options);
  const weightDecay = options.weight_decay ?? (type === 'adamw' ? ADAMW_DECAY : 0);

  class RuleOptimizer extends tf.Optimizer implements SteppingOptimizer {
    static readonly className = `tfsweep-${type}${options.averaging === undefined ? '' : '-averaged'}`;
    scale = 1;
    batchWeight = 1;
    readonly #slots = new SlotStore(tf, rule.slots);
    readonly #averages =
      options.averaging === undefined ? null : new WeightAverages(tf, options.averaging, length);
    readonly #waiting = new SlotStore(tf, [{ name: 'sum', initial: 0 }]);
    /** Weights that a waiting batch has a gradient for. */
    readonly #touched = new Set<number>();
    #batches = 0;
    #weight = 0;
    #variables: Variable[] = [];

    get learningRate(): number {
      const factor =
        schedule === undefined || length === null ? 1 : learningRateFactor(schedule, this.iterations, length);
      return highest * factor * this.scale;
    }

    override applyGradients(variableGradients: NamedTensorMap | NamedTensor[]): void {
      const named = Array.isArray(variableGradients)
        ? variableGradients
        : Object.entries(variableGradients).map(([name, tensor]) => ({ name, tensor }));
      const registered = tf.engine().registeredVariables as Record<string, Variable>;
      this.#variables = named.map(({ name }) => registered[name]!);
      // `minimize` has none for a weight that the loss does not depend on, whatever its types say.
      const gradients = named.map(({ tensor }): Tensor | undefined => tensor);
      if (accumulate === 1) {
        this.#step(gradients);
        return;
      }
      tf.tidy(() => {
        gradients.forEach((gradient, i) => {
          const sum = this.#waiting.of(i, this.#variables[i]!)[0]!;
          if (gradient === undefined) return;
          sum.assign(tf.add(sum, tf.mul(gradient, this.batchWeight)));
          this.#touched.add(i);
        });
      });
      this.#weight += this.batchWeight;
      this.#batches += 1;
      if (this.#batches === accumulate) this.flush();
    }

    flush(): void {
      if (this.#batches === 0) return;
      tf.tidy(() => {
        const sums = this.#waiting.group(0);
        this.#step(sums.map((sum, i) => (this.#touched.has(i) ? tf.div(sum, this.#weight) : undefined)));
        for (const sum of sums) sum.assign(tf.zerosLike(sum));
      });
      this.#touched.clear();
      this.#batches = 0;
      this.#weight = 0;
    }

    /** A weight without a gradient stays as it is, as with tfjs's own optimizers. */
    #step(gradients: ReadonlyArray<Tensor | undefined>): void {
      tf.tidy(() => {
        const { learningRate } = this;
        let clipped = gradients.filter((gradient) => gradient !== undefined);
        if (options.clip_value !== undefined) clipped = clipByValue(tf, clipped, options.clip_value);
        if (options.clip_norm !== undefined) clipped = clipByGlobalNorm(tf, clipped, options.clip_norm);
        const next = clipped.values();
        this.#variables.forEach((variable, i) => {
          const slots = this.#slots.of(i, variable);
          if (gradients[i] === undefined) return;
          const update = rule.update({
            gradient: next.next().value!,
            slots,
            learningRate,
            step: this.iterations + 1,
          });
          const decays = weightDecay > 0 && isKernel(variable);
          const kept = decays ? tf.mul(variable, 1 - learningRate * weightDecay) : variable;
          const moved = tf.sub(kept, update.change);
          const bounded = options.max_norm !== undefined && isKernel(variable);
          variable.assign(bounded ? withinNorm(tf, moved, options.max_norm!) : moved);
          slots.forEach((slot, s) => {
            slot.assign(update.slots[s]!);
          });
        });
      });
      this.incrementIterations();
      this.#averages?.observe(this.#variables, this.iterations);
    }

    override async getWeights(): Promise<NamedTensor[]> {
      return [await this.saveIterations(), ...this.#slots.named(), ...(this.#averages?.named() ?? [])];
    }

    override async setWeights(weights: NamedTensor[]): Promise<void> {
      const saved = (await this.extractIterations(weights)).map(({ tensor }) => tensor);
      // Averages, where there are any, come last: one for each weight.
      const groups = rule.slots.length + (this.#averages === null ? 0 : 1);
      const own = groups === 0 ? 0 : (saved.length / groups) * rule.slots.length;
      this.#slots.restore(saved.slice(0, own));
      this.#averages?.restore(saved.slice(own), this.iterations);
    }

    swapAverages(model: LayersModel): void {
      this.#averages?.swap(model.trainableWeights.map((weight) => weight.read() as Variable));
    }

    override dispose(): void {
      this.#averages?.dispose();
      this.#slots.dispose();
      this.#waiting.dispose();
    }

    getConfig(): Record<string, never> {
      return {};
    }
  }
  return new RuleOptimizer();
}

/** Biases, and the scales of normalisations, are vectors. */
function isKernel(variable: Tensor): boolean {
  return variable.rank >= 2;
}

function checked(given: OptimizerOptions): z.output<typeof optimizerSchema> {
  const result = optimizerSchema.safeParse(given);
  if (result.success) return result.data;
  throw new RangeError(`These options make no optimizer.\n${z.prettifyError(result.error)}`);
}
