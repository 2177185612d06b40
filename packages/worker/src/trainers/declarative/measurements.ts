import type { LayersModel } from '@tensorflow/tfjs';
import {
  type ClassificationScore,
  CURVES,
  type Curve,
  DEFAULT_SCORES,
  MODEL_COSTS,
  type ModelCost,
  type RegressionScore,
  type TrainerMetric,
} from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../../backends/tf.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { LossFunction } from '../../losses/loss-function.ts';
import type { TrainedEpoch } from '../../training/fit.ts';
import { inTargetUnit, truthsOf } from '../../training/part-values.ts';
import { predictPart } from '../../training/predict.ts';
import { writeCurves } from './curves.ts';
import { measureCosts } from './model-costs.ts';
import { computeScores, type ScoredPart } from './scores.ts';

/** Measures what a spec lists under `metrics`, for one trial. */
export class Measurements {
  readonly #tf: Tf;
  readonly #data: PreparedData;
  readonly #loss: LossFunction;
  readonly #scores: ReadonlyArray<ClassificationScore | RegressionScore>;
  readonly #curves: readonly Curve[];
  readonly #costs: readonly ModelCost[];
  readonly #trainTruths: Float64Array;
  readonly #validationTruths: Float64Array;

  static async open(
    tf: Tf,
    listed: readonly TrainerMetric[] | undefined,
    data: PreparedData,
    loss: LossFunction,
  ): Promise<Measurements> {
    const truths = [await truthsOf(data, data.train), await truthsOf(data, data.validation)] as const;
    return new Measurements(tf, listed ?? DEFAULT_SCORES[data.task], data, loss, truths);
  }

  private constructor(
    tf: Tf,
    listed: readonly TrainerMetric[],
    data: PreparedData,
    loss: LossFunction,
    [train, validation]: readonly [Float64Array, Float64Array],
  ) {
    this.#tf = tf;
    this.#data = data;
    this.#loss = loss;
    this.#curves = listed.filter((name): name is Curve => isOneOf(CURVES, name));
    this.#costs = listed.filter((name): name is ModelCost => isOneOf(MODEL_COSTS, name));
    this.#scores = listed.filter(
      (name): name is ClassificationScore | RegressionScore => !isOneOf([...CURVES, ...MODEL_COSTS], name),
    );
    this.#trainTruths = train;
    this.#validationTruths = validation;
  }

  /** Scores of both parts, those of the validation part with `val_` before their names. */
  async ofEpoch(model: LayersModel, { predictions, order }: TrainedEpoch): Promise<Record<string, number>> {
    const inOrder = Float64Array.from(order, (sample) => this.#trainTruths[sample]!);
    const training = computeScores(this.#scores, this.#scored(inOrder, predictions));
    const validated = await predictPart(this.#tf, model, this.#data.validation, this.#loss);
    const validation = computeScores(this.#scores, this.#scored(this.#validationTruths, validated.values));
    return {
      ...training,
      val_loss: validated.loss,
      ...Object.fromEntries(Object.entries(validation).map(([name, value]) => [`val_${name}`, value])),
    };
  }

  /** At the end: costs, to be returned, and files of curves. @param artifacts asked for only where there is a file */
  async ofModel(model: LayersModel, artifacts: () => string): Promise<Record<string, number>> {
    if (this.#curves.length > 0) {
      const { values } = await predictPart(this.#tf, model, this.#data.validation, this.#loss);
      const part = this.#scored(this.#validationTruths, values);
      await writeCurves(this.#curves, part, this.#data.classNames, artifacts());
    }
    return {
      model_parameters: model.countParams(),
      ...(await measureCosts(this.#tf, this.#costs, model)),
    };
  }

  #scored(truths: Float64Array, predictions: Float32Array): ScoredPart {
    const { task, outputs } = this.#data;
    return {
      task,
      outputs,
      truths,
      predictions: task === 'regression' ? inTargetUnit(this.#data, predictions) : predictions,
    };
  }
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}
