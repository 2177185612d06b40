export { type Axis, axisOf, type ChoiceAxis, contains, type NumericAxis } from './axis.ts';
export { checkSpace } from './check-space.ts';
export { activeParameters, holds, isActive } from './conditions.ts';
export { enumerateGrid, gridMembership } from './grid.ts';
export { countGrid } from './grid-count.ts';
export { buildParams, checkPoint, completePoint, drawParams, pointKey } from './points.ts';
export { SpaceError } from './space-error.ts';
export type * from './types.ts';
export { draw, fromUnit, quantile, toUnit } from './unit.ts';
