import type { Distribution, Parameter, ParamValue, Space } from '../space/types.ts';

/** `export interface Params {…}`: the type of a trainer's `params`. */
export function paramsType(space: Space, sweepName: string): string {
  const members = space.map(member).join('\n');
  return `/** Parameters of the sweep ${sweepName}, written by \`tfsweep types\`. */\nexport interface Params {\n${members}\n}\n`;
}

function member(parameter: Parameter): string {
  const isConditional = parameter.when.length > 0;
  const key = /^[A-Za-z_]\w*$/.test(parameter.name) ? parameter.name : JSON.stringify(parameter.name);
  return `  ${key}${isConditional ? '?' : ''}: ${typeOf(parameter.distribution)};`;
}

function typeOf(distribution: Distribution): string {
  if (distribution.kind === 'constant') return literal(distribution.value);
  if (distribution.kind === 'categorical') return distribution.choices.map(literal).join(' | ');
  return 'number';
}

function literal(value: ParamValue): string {
  return typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
    : String(value);
}
