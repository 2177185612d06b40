import type { Part, PreparedData } from '../data/prepared-data.ts';

/** Truths as the scores of `metrics/` take them: class numbers, or numbers in the unit of the file. */
export async function truthsOf(data: PreparedData, part: Part): Promise<Float64Array> {
  const values = await part.ys.data();
  switch (data.task) {
    case 'binary':
      return Float64Array.from(values);
    case 'regression':
      return inTargetUnit(data, values);
    case 'multiclass': {
      const classes = data.outputs;
      const truths = new Float64Array(values.length / classes);
      for (let i = 0; i < values.length; i++)
        if (values[i] === 1) truths[Math.floor(i / classes)] = i % classes;
      return truths;
    }
  }
}

/** Undoes the standardisation of a regression's target. */
export function inTargetUnit(data: PreparedData, values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value) => value * data.targetScale + data.targetMean);
}
