import { didYouMean } from '../../config/nearest.ts';
import { SpaceError } from '../../space/space-error.ts';
import type { Condition, Parameter, Space } from '../../space/types.ts';
import type { ConditionalDeclaration, Conditions, Declaration, Declarations } from './declarations.ts';

/**
 * The space that was declared, parents before their children whatever the order of the keys.
 * @throws SpaceError for what no builder made, for a condition that names no parameter, and for a circle of them.
 */
export function readDeclarations(declarations: Declarations): Space {
  const open = new Map(
    Object.entries(declarations).map(([name, declared]) => [name, readOne(name, declared, declarations)]),
  );
  const space: Parameter[] = [];
  while (open.size > 0) {
    const ready = [...open.values()].find(({ when }) => when.every(({ parameter }) => !open.has(parameter)));
    if (ready === undefined)
      throw new SpaceError(
        `The conditions of ${[...open.keys()].join(', ')} depend on each other in a circle.`,
      );
    open.delete(ready.name);
    space.push(ready);
  }
  return space;
}

function readOne(name: string, declared: Declaration | ConditionalDeclaration, all: Declarations): Parameter {
  if (!isObject(declared)) throw noDeclaration(name);
  if ('conditions' in declared) {
    const when = Object.entries(declared.conditions).map((entry) => readCondition(name, entry, all));
    return { ...readOne(name, declared.declaration, all), when };
  }
  if (!isObject(declared.distribution)) throw noDeclaration(name);
  const { distribution, prior, priorConfidence, count } = declared;
  return {
    name,
    distribution,
    when: [],
    ...(prior === undefined ? {} : { prior }),
    ...(priorConfidence === undefined ? {} : { priorConfidence }),
    ...(count === undefined ? {} : { count }),
  };
}

function readCondition(
  child: string,
  [parameter, asked]: [string, Conditions[string]],
  all: Declarations,
): Condition {
  if (parameter === child || !Object.hasOwn(all, parameter)) {
    const others = Object.keys(all).filter((name) => name !== child);
    throw new SpaceError(
      `Parameter \`${child}\`: its condition names \`${parameter}\`, which is no other parameter${didYouMean(parameter, others) || '.'}`,
    );
  }
  if (isList(asked)) return { parameter, kind: 'in', values: [...asked] };
  if (!isObject(asked)) return { parameter, kind: 'in', values: [asked] };
  const { ge, gt, le, lt } = asked;
  return {
    parameter,
    kind: 'compare',
    ...(ge === undefined ? {} : { ge }),
    ...(gt === undefined ? {} : { gt }),
    ...(le === undefined ? {} : { le }),
    ...(lt === undefined ? {} : { lt }),
  };
}

/** `Array.isArray` would not narrow a readonly list. */
function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}

function isObject<T>(value: T): value is T & object {
  return typeof value === 'object' && value !== null;
}

function noDeclaration(name: string): SpaceError {
  return new SpaceError(
    `Parameter \`${name}\` is not declared: use float(), int(), choice(), normal(), constant() or when().`,
  );
}
