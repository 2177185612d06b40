import { multiplesWithin } from '../space/levels.ts';
import type { Distribution, ParamValue } from '../space/types.ts';
import type { IssueList, Path } from './config-error.ts';
import type { FormName } from './parameter-schema.ts';
import type { ParameterFields } from './parameters.ts';
import { describeValue, placeOf, type Tree } from './source-tree.ts';

/** @returns null after adding issues. */
export function buildDistribution(
  form: FormName,
  fields: ParameterFields,
  tree: Tree,
  path: Path,
  issues: IssueList,
): Distribution | null {
  const report = (key: string | number, message: string): null => {
    const at = [...path, key];
    issues.add(placeOf(tree, at), at, message);
    return null;
  };
  switch (form) {
    case 'constant':
      return { kind: 'constant', value: fields.value ?? null };
    case 'categorical':
    case 'categorical_w_probabilities':
      return categorical(fields, tree, path, issues);
    case 'normal':
    case 'q_normal':
    case 'log_normal':
    case 'q_log_normal':
      return normal(form, fields, report);
    case 'int_uniform':
    case 'uniform':
    case 'q_uniform':
    case 'log_uniform_values':
    case 'q_log_uniform_values':
    case 'inv_log_uniform_values':
      return bounded(form, fields, tree, path, report);
  }
}

type Report = (key: string | number, message: string) => null;

function bounded(
  form: FormName,
  fields: ParameterFields,
  tree: Tree,
  path: Path,
  report: Report,
): Distribution | null {
  const low = fields.min!;
  const high = fields.max!;
  if (low > high) return report(boundAtFault(tree, path), `\`min\` is ${low}, more than \`max\`, ${high}`);
  const log = form.includes('log_');
  const whole = form === 'int_uniform' || fields.int === true;
  const quantised = form.startsWith('q_') || fields.q !== undefined;
  const step = quantised ? (fields.q ?? 1) : whole ? 1 : undefined;
  if (whole && !Number.isInteger(step)) return report('q', `\`int: true\` needs a whole \`q\`, got ${step}`);
  if (step === undefined) {
    return low === high ? { kind: 'constant', value: low } : { kind: 'float', low, high, log };
  }
  const levels = multiplesWithin(low, high, step);
  if (levels.count === 0) {
    const noun = whole && step === 1 ? 'whole number' : `multiple of ${step}`;
    return report(
      quantised && fields.q !== undefined ? 'q' : 'min',
      `no ${noun} lies between ${low} and ${high}`,
    );
  }
  if (levels.count === 1) return { kind: 'constant', value: levels.at(0) };
  if (whole) return { kind: 'int', low: Math.ceil(low), high: Math.floor(high), log, step };
  return { kind: 'float', low, high, log, step };
}

/** The bound that a flag brought, else the lower one. */
function boundAtFault(tree: Tree, path: Path): 'min' | 'max' {
  return placeOf(tree, [...path, 'max']).flag !== null ? 'max' : 'min';
}

function normal(form: FormName, fields: ParameterFields, report: Report): Distribution | null {
  const log = form.includes('log_');
  const whole = fields.int === true;
  const step = form.startsWith('q_') ? (fields.q ?? 1) : whole ? 1 : undefined;
  if (whole && !Number.isInteger(step)) return report('q', `\`int: true\` needs a whole \`q\`, got ${step}`);
  const mu = fields.mu ?? 0;
  if (log && !Number.isFinite(Math.exp(mu))) {
    return report('mu', `\`mu\` is the mean of the logarithm; e^${mu} is beyond all numbers`);
  }
  return {
    kind: 'normal',
    mu,
    sigma: fields.sigma ?? 1,
    log,
    int: whole,
    ...(step === undefined ? {} : { step }),
  };
}

function categorical(
  fields: ParameterFields,
  tree: Tree,
  path: Path,
  issues: IssueList,
): Distribution | null {
  const choices = fields.values!;
  let sound = true;
  const report = (at: Path, message: string): void => {
    sound = false;
    issues.add(placeOf(tree, at), at, message);
  };
  choices.forEach((choice, i) => {
    if (choices.indexOf(choice) < i)
      report([...path, 'values', i], `${describeValue(choice)} stands twice in \`values\``);
  });
  const probabilities = fields.probabilities;
  if (probabilities !== undefined)
    checkProbabilities(probabilities, choices, [...path, 'probabilities'], report);
  const ascending = isAscending(choices);
  if (fields.ordered === true && !ascending) {
    report([...path, 'ordered'], '`ordered: true` needs `values` that are numbers in ascending order');
  }
  if (!sound) return null;
  const ordered = fields.ordered ?? ascending;
  return { kind: 'categorical', choices, ordered, ...(probabilities === undefined ? {} : { probabilities }) };
}

function checkProbabilities(
  probabilities: readonly number[],
  choices: readonly ParamValue[],
  path: Path,
  report: (at: Path, message: string) => void,
): void {
  if (probabilities.length !== choices.length) {
    report(
      path,
      `expected one probability for each of the ${choices.length} values, got ${probabilities.length}`,
    );
    return;
  }
  const sum = probabilities.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > 1e-6)
    report(path, `the probabilities sum to ${Number(sum.toFixed(6))}; they must sum to 1`);
}

function isAscending(choices: readonly ParamValue[]): boolean {
  if (choices.length < 2) return false;
  return choices.every((choice, i) => {
    const before = choices[i - 1];
    return typeof choice === 'number' && (i === 0 || (typeof before === 'number' && choice > before));
  });
}
