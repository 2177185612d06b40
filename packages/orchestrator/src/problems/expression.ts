import type { Params } from '../space/types.ts';
import type { Expression } from './format.ts';
import { ProblemError } from './problem-error.ts';

/** Values by slot: the parameters of the space, then each `let`. */
type Slots = Array<number | string>;
type Compiled = (slots: Slots) => number;

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  abs: Math.abs,
  floor: Math.floor,
};

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  '/': (a, b) => a / b,
  pow: Math.pow,
};

const FOLDED: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '*': (a, b) => a * b,
  min: Math.min,
  max: Math.max,
};

/**
 * Turns the expressions of a problem into one function. Branches (`switch`, `ifge`) are lazy: the one that is not
 * taken may name parameters that do not exist at that point.
 * @throws ProblemError for an unknown operation or name, or a wrong number of arguments.
 */
export function compileExpressions(
  names: readonly string[],
  lets: ReadonlyArray<readonly [string, Expression]>,
  value: Expression,
): (params: Params) => number {
  const slotOf = new Map(names.map((name, slot) => [name, slot]));
  const steps: Array<readonly [slot: number, compiled: Compiled]> = [];
  for (const [name, body] of lets) {
    const compiled = compile(body, slotOf);
    const slot = names.length + steps.length;
    slotOf.set(name, slot);
    steps.push([slot, compiled]);
  }
  const result = compile(value, slotOf);
  return (params) => {
    const slots: Slots = names.map((name) => params[name] as number | string);
    for (const [slot, compiled] of steps) slots[slot] = compiled(slots);
    return result(slots);
  };
}

function compile(expression: Expression, slotOf: ReadonlyMap<string, number>): Compiled {
  if (typeof expression === 'number') return () => expression;
  if (typeof expression === 'string') {
    const slot = slotFor(expression, slotOf);
    return (slots) => slots[slot] as number;
  }
  const [operation, ...rest] = expression;
  if (operation === 'switch') return compileSwitch(rest, slotOf);
  const args = rest.map((arg) => compile(arg as Expression, slotOf));
  if (operation === 'ifge') {
    const [a, b, then, otherwise] = exactly(operation, args, 4);
    return (slots) => (a!(slots) >= b!(slots) ? then!(slots) : otherwise!(slots));
  }
  if (operation === '-' && args.length === 1) {
    const [a] = args;
    return (slots) => -a!(slots);
  }
  if (operation === '-') {
    const [a, b] = exactly(operation, args, 2);
    return (slots) => a!(slots) - b!(slots);
  }
  const unary = UNARY[operation];
  if (unary !== undefined) {
    const [a] = exactly(operation, args, 1);
    return (slots) => unary(a!(slots));
  }
  const binary = BINARY[operation];
  if (binary !== undefined) {
    const [a, b] = exactly(operation, args, 2);
    return (slots) => binary(a!(slots), b!(slots));
  }
  const fold = FOLDED[operation];
  if (fold === undefined)
    throw new ProblemError(`An expression has no operation \`${operation}\`: ${show(expression)}.`);
  const [first, ...others] = args;
  if (first === undefined) throw new ProblemError(`\`${operation}\` needs arguments: ${show(expression)}.`);
  return (slots) => {
    let result = first(slots);
    for (const arg of others) result = fold(result, arg(slots));
    return result;
  };
}

function compileSwitch(rest: readonly unknown[], slotOf: ReadonlyMap<string, number>): Compiled {
  const [name, branches] = rest;
  if (rest.length !== 2 || typeof name !== 'string' || typeof branches !== 'object' || branches === null)
    throw new ProblemError(`\`switch\` takes a parameter and an object of branches: ${show(rest)}.`);
  const slot = slotFor(name, slotOf);
  const compiled = new Map(
    Object.entries(branches).map(([choice, branch]) => [choice, compile(branch as Expression, slotOf)]),
  );
  return (slots) => {
    const branch = compiled.get(String(slots[slot]));
    if (branch === undefined)
      throw new ProblemError(`The objective has no branch for ${name} = ${JSON.stringify(slots[slot])}.`);
    return branch(slots);
  };
}

function slotFor(name: string, slotOf: ReadonlyMap<string, number>): number {
  const slot = slotOf.get(name);
  if (slot !== undefined) return slot;
  throw new ProblemError(
    `An expression names \`${name}\`, which is neither a parameter nor an earlier \`let\`.`,
  );
}

function exactly(operation: string, args: readonly Compiled[], count: number): readonly Compiled[] {
  if (args.length === count) return args;
  throw new ProblemError(
    `\`${operation}\` takes ${count} argument${count > 1 ? 's' : ''}, got ${args.length}.`,
  );
}

function show(expression: unknown): string {
  const text = JSON.stringify(expression);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
