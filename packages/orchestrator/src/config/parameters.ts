import { contains } from '../space/axis.ts';
import { describeDistribution } from '../space/describe-distribution.ts';
import type { Distribution, Parameter, ParamValue, Space } from '../space/types.ts';
import { readConditions } from './conditions.ts';
import type { IssueList, Path } from './config-error.ts';
import { buildDistribution } from './distributions.ts';
import { chooseForm, hasWholeSpelling } from './parameter-forms.ts';
import { type FormName, parameterForms, parameterName } from './parameter-schema.ts';
import { checkShape } from './schema-issues.ts';
import { descend, describeValue, placeOf, placeOfKey, type Tree } from './source-tree.ts';

/** What a form's schema made of one parameter; which keys there are depends on the form. */
export interface ParameterFields {
  readonly value?: ParamValue;
  readonly values?: readonly ParamValue[];
  readonly probabilities?: readonly number[];
  readonly ordered?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly q?: number;
  readonly mu?: number;
  readonly sigma?: number;
  readonly int?: boolean;
  readonly count?: number;
  readonly prior?: ParamValue;
  readonly prior_confidence?: number;
}

/** The space, in the order of the file; parameters that are in error are left out of it. */
export function readParameters(tree: Tree, issues: IssueList, warnings: string[]): Space {
  const path = ['parameters'];
  const part = descend(tree, path);
  if (part === undefined) {
    issues.add(
      placeOf(tree, []),
      [],
      'required key `parameters` is missing: expected a map of names and distributions',
    );
    return [];
  }
  if (part.kind !== 'map' || part.entries.size === 0) {
    issues.add(
      placeOfKey(tree, path),
      path,
      'expected a map with at least one parameter, such as `learning_rate: {min: 0.001, max: 0.1}`',
    );
    return [];
  }
  const earlier = new Map<string, Parameter>();
  const names = [...part.entries.keys()];
  for (const name of names) {
    const at = [...path, name];
    const parsed = parameterName.safeParse(name);
    if (!parsed.success) {
      issues.add(
        placeOfKey(tree, at),
        at,
        `expected ${parsed.error.issues[0]!.message}, got ${describeValue(name)}`,
      );
      continue;
    }
    const parameter = readParameter(name, tree, at, { earlier, names }, issues, warnings);
    if (parameter !== null) earlier.set(name, parameter);
  }
  return [...earlier.values()];
}

function readParameter(
  name: string,
  tree: Tree,
  path: Path,
  around: { readonly earlier: ReadonlyMap<string, Parameter>; readonly names: readonly string[] },
  issues: IssueList,
  warnings: string[],
): Parameter | null {
  const form = chooseForm(tree, path, issues);
  if (form === null) return null;
  const fields = checkShape(parameterForms[form], tree, path, issues) as ParameterFields | null;
  // Conditions are read even so: all errors at once.
  const when = issues.touches([...path, 'when'])
    ? []
    : readConditions(tree, [...path, 'when'], around, issues);
  if (fields === null) return null;
  warnAboutSpelling(form, fields, tree, path, warnings);
  const distribution = buildDistribution(form, fields, tree, path, issues);
  if (distribution === null) return null;
  checkPrior(distribution, fields, tree, path, issues);
  const { prior, prior_confidence: priorConfidence, count } = fields;
  return {
    name,
    distribution,
    when,
    ...(prior === undefined ? {} : { prior }),
    ...(priorConfidence === undefined ? {} : { priorConfidence }),
    ...(count === undefined ? {} : { count }),
  };
}

/** JSON can't tell 1 from 1.0, so whole bounds there are a likely surprise. */
function warnAboutSpelling(
  form: FormName,
  fields: ParameterFields,
  tree: Tree,
  path: Path,
  warnings: string[],
): void {
  const part = descend(tree, path);
  const isShort = part?.kind === 'map' && !part.entries.has('distribution');
  if (!isShort || form !== 'uniform' || fields.int !== undefined || hasWholeSpelling(part)) return;
  if (!Number.isInteger(fields.min) || !Number.isInteger(fields.max)) return;
  if (isSpelled(part, 'min') || isSpelled(part, 'max')) return;
  warnings.push(
    `${path.join('.')}: real numbers from ${fields.min} to ${fields.max}; in JSON and --set write \`int: true\` for whole ones`,
  );
}

function isSpelled(part: Tree, key: string): boolean {
  const value = descend(part, [key]);
  return value?.kind === 'scalar' && value.spelling !== null;
}

function checkPrior(
  distribution: Distribution,
  fields: ParameterFields,
  tree: Tree,
  path: Path,
  issues: IssueList,
): void {
  if (fields.prior === undefined && fields.prior_confidence !== undefined) {
    const at = [...path, 'prior_confidence'];
    issues.add(placeOfKey(tree, at), at, 'needs a `prior`, the value that is believed to be good');
  }
  if (fields.prior === undefined || contains(distribution, fields.prior)) return;
  const at = [...path, 'prior'];
  issues.add(
    placeOf(tree, at),
    at,
    `expected ${describeDistribution(distribution)}, got ${describeValue(fields.prior)}`,
  );
}
