import type { Tensor1D } from '@tensorflow/tfjs';
import type { ResolvedTrainerSpec } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../../backends/tf.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import { balancedClassWeights, withMeanOne } from '../../losses/index.ts';
import { truthsOf } from '../../training/part-values.ts';
import { TrainerLoadError } from '../errors.ts';

/**
 * How much each training sample counts: its own weight times that of its class, 1 on average.
 * @returns null where all count alike
 * @throws TrainerLoadError for a class that there is not, and for weights that leave nothing
 */
export async function trainingWeights(
  tf: Tf,
  { class_weights: given }: ResolvedTrainerSpec,
  data: PreparedData,
  log: (line: string) => void,
): Promise<Tensor1D | null> {
  if (given === undefined && data.sampleWeights === null) return null;
  const truths = await truthsOf(data, data.train);
  const weights = Float64Array.from(
    (await data.sampleWeights?.data()) ?? new Float64Array(truths.length).fill(1),
  );
  if (given !== undefined) {
    const ofClass =
      given === 'balanced' ? balancedClassWeights(truths, data.classNames.length) : named(given, data);
    const list = data.classNames.map((name, i) => `${name} ${Number(ofClass[i]!.toPrecision(4))}`).join(', ');
    log(`The weights of the classes are ${list}.`);
    truths.forEach((label, i) => {
      weights[i]! *= ofClass[label]!;
    });
  }
  try {
    return tf.tensor1d(Float32Array.from(withMeanOne(weights)));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TrainerLoadError(cause.message, { cause });
  }
}

function named(given: Readonly<Record<string, number>>, { classNames }: PreparedData): Float64Array {
  const unknown = Object.keys(given).find((name) => !classNames.includes(name));
  if (unknown !== undefined) {
    throw new TrainerLoadError(
      `class_weights names "${unknown}", which is no class of the target. There are: ${classNames.join(', ')}.`,
    );
  }
  return Float64Array.from(classNames, (name) => given[name] ?? 1);
}
