import type { Condition, Parameter, Params, Space } from './types.ts';

/** Whether the clause holds, given the parameters that are present. */
export function holds(condition: Condition, present: Params): boolean {
  if (!Object.hasOwn(present, condition.parameter)) return false;
  return admits(condition, present[condition.parameter]!);
}

/** Whether the clause holds for this value of the parameter that it names. */
export function admits(condition: Condition, value: Params[string]): boolean {
  if (condition.kind === 'in') return condition.values.includes(value);
  return (
    typeof value === 'number' &&
    (condition.ge === undefined || value >= condition.ge) &&
    (condition.gt === undefined || value > condition.gt) &&
    (condition.le === undefined || value <= condition.le) &&
    (condition.lt === undefined || value < condition.lt)
  );
}

/** `present` must hold no parameter that is itself inactive; `activeParameters` takes any point. */
export function isActive(parameter: Parameter, present: Params): boolean {
  return parameter.when.every((condition) => holds(condition, present));
}

/** The parameters that exist at this point, in order; the child of an absent parent is absent. */
export function activeParameters(space: Space, point: Params): Parameter[] {
  const present: Params = {};
  return space.filter((parameter) => {
    if (!isActive(parameter, present)) return false;
    if (Object.hasOwn(point, parameter.name)) present[parameter.name] = point[parameter.name]!;
    return true;
  });
}

/** `optimizer is one of "sgd", "adam"`, for messages. */
export function describeCondition(condition: Condition): string {
  if (condition.kind === 'in') {
    const values = condition.values.map((value) => JSON.stringify(value)).join(', ');
    return `${condition.parameter} is ${condition.values.length > 1 ? 'one of ' : ''}${values}`;
  }
  const bounds = [
    condition.ge === undefined ? '' : `>= ${condition.ge}`,
    condition.gt === undefined ? '' : `> ${condition.gt}`,
    condition.le === undefined ? '' : `<= ${condition.le}`,
    condition.lt === undefined ? '' : `< ${condition.lt}`,
  ];
  return `${condition.parameter} ${bounds.filter(Boolean).join(' and ')}`;
}
