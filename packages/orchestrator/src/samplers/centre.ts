import { axisOf } from '../space/axis.ts';
import type { Distribution, ParamValue } from '../space/types.ts';
import { fromUnit } from '../space/unit.ts';

/** The middle of a range; of unordered choices the first that is likeliest. */
export function middleOf(distribution: Distribution): ParamValue {
  const axis = axisOf(distribution);
  if (axis.kind === 'numeric') return fromUnit(distribution, 0.5);
  return axis.values[axis.probabilities.indexOf(Math.max(...axis.probabilities))]!;
}
