import { type SchemaNode, sweepJsonSchema } from './json-schema.ts';
import { formDescriptions, parameterForms } from './parameter-schema.ts';

/** docs/config.md, made from the schema: `tfsweep schema --markdown`. */
export function configReference(): string {
  const schema = sweepJsonSchema();
  const { parameters, trainer, ...others } = schema.properties!;
  return [
    OPENING,
    '## All keys\n',
    keyTable(schema.properties!, schema.required ?? []),
    ...sections(others),
    SEVERAL_METRICS,
    WARM_START,
    ORDER,
    TRAINER,
    ...(trainer!.anyOf ?? []).flatMap((member) => trainerSections(member)),
    REFERENCES,
    PARAMETERS,
    distributions(parameters!),
    CONDITIONS,
    FROM_WANDB,
  ].join('\n');
}

function sections(properties: Readonly<Record<string, SchemaNode>>): string[] {
  return Object.entries(properties).flatMap(([key, node]) => {
    const maps = (node.oneOf ?? node.anyOf ?? []).filter((member) => member.properties !== undefined);
    if (maps.length > 0) return maps.map((map) => variant(key, node, map));
    if (node.items?.properties !== undefined)
      return [section(`${key}, each entry`, node.description, node.items)];
    return node.properties === undefined ? [] : [section(key, node.description, node)];
  });
}

function variant(key: string, node: SchemaNode, map: SchemaNode): string {
  const type = map.properties!.type;
  if (type === undefined) return section(key, node.description, map);
  return section(`${key}, \`type: ${String(type.const)}\``, type.description, map);
}

function section(title: string, description: string | undefined, node: SchemaNode): string {
  return `### ${title}\n\n${description === undefined ? '' : `${description}\n\n`}${keyTable(node.properties!, node.required ?? [])}`;
}

function trainerSections(member: SchemaNode): string[] {
  const title = member.title === 'module' ? 'A module of your own' : 'A declarative trainer';
  return [section(title, undefined, member), ...mapsBelow('trainer', member)];
}

/** A section for each map below, however deep; what it is stands in the table above it. */
function mapsBelow(path: string, parent: SchemaNode): string[] {
  return Object.entries(parent.properties!).flatMap(([key, node]) => {
    const below = `${path}.${key}`;
    const maps = (node.anyOf ?? [node]).filter((map) => map.properties !== undefined);
    return maps.flatMap((map) => [
      section(map.title === undefined ? below : `${below}: ${map.title}`, undefined, map),
      ...mapsBelow(below, map),
    ]);
  });
}

function keyTable(properties: Readonly<Record<string, SchemaNode>>, required: readonly string[]): string {
  const rows = Object.entries(properties).map(([key, node]) => {
    const fallback = required.includes(key) ? '*required*' : showDefault(node.default);
    return `| \`${key}\` | ${cell(typeText(node))} | ${cell(fallback)} | ${cell(node.description ?? '')} |`;
  });
  return ['| key | value | default | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function showDefault(value: unknown): string {
  if (value === undefined) return '';
  // A default that is a sentence ("fidelity.max, else …") is told from a value by its spaces and dots.
  return typeof value === 'string' && /[ .]/.test(value)
    ? value
    : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function typeText(node: SchemaNode): string {
  const members = (node.anyOf ?? node.oneOf)?.filter((member) => !isReference(member));
  if (members !== undefined) return [...new Set(members.map(typeText))].join(' or ');
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((word) => `\`${String(word)}\``).join(', ');
  if (node.type === 'array') return `list of ${node.items === undefined ? 'values' : typeText(node.items)}`;
  if (node.type === 'object') return 'map';
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.type === 'string') return node.pattern?.includes('ms|s|m|h|d') ? 'duration' : 'text';
  if (node.type === 'integer' || node.type === 'number') return numberText(node);
  if (Array.isArray(node.type)) return SCALAR;
  return node.type === undefined ? 'any' : String(node.type);
}

const SCALAR = 'text, number, `true`, `false` or `null`';

function isReference(node: SchemaNode): boolean {
  return node.description === 'A `$reference` to a parameter.';
}

function numberText(node: SchemaNode): string {
  const noun = node.type === 'integer' ? 'whole number' : 'number';
  const bounds: string[] = [];
  if (node.exclusiveMinimum !== undefined) bounds.push(`more than ${node.exclusiveMinimum}`);
  if (isReal(node.minimum)) bounds.push(`from ${node.minimum}`);
  if (node.exclusiveMaximum !== undefined) bounds.push(`less than ${node.exclusiveMaximum}`);
  if (isReal(node.maximum)) bounds.push(`to ${node.maximum}`);
  return [noun, ...bounds].join(' ');
}

/** zod bounds whole numbers by what a double holds exactly. */
function isReal(bound: number | undefined): boolean {
  return bound !== undefined && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

const KEY_SOURCES = ['constant', 'categorical_w_probabilities', 'normal', 'q_uniform', 'uniform'] as const;

function distributions(node: SchemaNode): string {
  const forms = typeof node.additionalProperties === 'object' ? (node.additionalProperties.anyOf ?? []) : [];
  const shared = new Set(['distribution', 'when', 'prior', 'prior_confidence']);
  const rows = Object.keys(parameterForms).map((name) => {
    const form = forms.find((candidate) => candidate.title === name)!;
    const keys = Object.keys(form.properties!)
      .filter((key) => !shared.has(key))
      .map((key) => (form.required?.includes(key) ? `**${key}**` : key));
    return `| \`${name}\` | ${keys.join(', ')} | ${cell(formDescriptions[name as keyof typeof formDescriptions])} |`;
  });
  // Each key as its freest form has it.
  const named = KEY_SOURCES.map((name) => forms.find((form) => form.title === name)!.properties!);
  const { distribution: _named, ...keys } = Object.assign({}, ...named) as Record<string, SchemaNode>;
  return [
    '| distribution | keys (**required**) | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'Every parameter but a constant also takes `prior` and `prior_confidence`, and every one `when`.\n',
    keyTable(keys, []),
  ].join('\n');
}

const OPENING = `# The sweep file

<!-- Made by \`tfsweep schema --markdown\`; change packages/orchestrator/src/config, not this page. -->

A sweep is one YAML file (or JSON, which is YAML). \`tfsweep validate sweep.yaml\` says everything that is wrong with it, each with
line, column and what was expected. For completion in an editor begin the file with
\`# yaml-language-server: $schema=…/tfsweep.schema.json\`; \`tfsweep schema\` prints that schema.

\`\`\`yaml
name: digits
trainer:
  dataset: {name: mnist, limit: 2000}
  model: {type: mlp, hidden: [$units], dropout: $dropout}
  optimizer: {type: $optimizer, learning_rate: $learning_rate, momentum: $momentum}
method: bayes
metric: {name: val_accuracy, goal: maximize}
parameters:
  units: {values: [32, 64, 128]}
  dropout: {min: 0.0, max: 0.5}
  optimizer: {values: [adam, sgd]}
  learning_rate: {distribution: log_uniform_values, min: 1.0e-4, max: 0.1, prior: 1.0e-3}
  momentum: {min: 0.5, max: 0.99, when: {optimizer: [sgd]}}
fidelity: {unit: epochs, min: 1, max: 9}
early_terminate: {type: asha, eta: 3}
run_cap: 20
budget: {wallclock: 10m}
\`\`\`

Paths are relative to the file. Durations read \`90s\`, \`10m\`, \`6h\`. \`--set key.path=value\` replaces a value for one launch; the value is
read as YAML.
`;

const SEVERAL_METRICS = `## Several metrics

\`\`\`yaml
trainer: {module: ./train.ts}
method: bayes
run_cap: 40
metrics:
  - {name: val_accuracy, goal: maximize}   # the first: its curve is shown, and judged by \`early_terminate\`
  - {name: parameters, goal: minimize}
  - {name: ms_per_image, max: 5}           # a constraint: kept, not optimised
parameters:
  units: {min: 8, max: 128, q: 8}
\`\`\`

The trainer reports or returns all of them; one that is missing or NaN fails the trial. A declarative trainer also returns
\`model_parameters\`, the number of weights. Trials that keep the constraints stand above
those that do not. Among them the leaderboard ranks the Pareto front first (nothing is better than such a trial in one metric without being
worse in another), then what is second once the front is taken away, and so on; within a front the first metric decides. The best trial is the
best one by the first metric. A sweep with targets ends when one trial that keeps the constraints reaches all of them.
`;

const WARM_START = `## What is known before the first trial

A \`prior\` is a value that is believed to be good, \`prior_confidence\` how sure that is. \`warm_start.points\` are tried first.
\`warm_start.sweeps\` names earlier sweeps: their complete trials are copied when the new sweep is launched, so that nothing that happens to them
later changes it. Parameters are matched by name; their values are compared with each other only, never with the new sweep's.

\`\`\`yaml
trainer: {module: ./train.ts}
method: bayes
run_cap: 20
metric: {name: val_loss, goal: minimize}
parameters:
  learning_rate: {distribution: log_uniform_values, min: 1.0e-5, max: 0.1, prior: 1.0e-3, prior_confidence: 0.7}
warm_start: {points: [{learning_rate: 0.01}], sweeps: [digits-small]}
\`\`\`

\`tfsweep resume SWEEP --set fixed.learning_rate=0.01\` gives all later trials that value and goes on searching the rest;
\`--set fixed={}\` sets every parameter free again.
`;

const ORDER = `## The same trials again

The seed, the file and what the trials reported decide what is tried next. With several workers it also matters which trial was faster, so that
two launches differ. \`reproducible: true\` takes that away: trial n is asked for once trials 0 to n - N are finished, and it follows from
exactly those, and so does whether it is stopped. N is \`lag\`, else \`resources.max_concurrent\`, else 4; at most N trials run at once,
however many slots there are. The price: a slow trial holds up those behind it, and results that are there already are left unused, N - 1 at most.
A trainer that is itself not reproducible, a lost worker that fails a trial, a budget of time and a stop by hand still make a difference,
and where the sweep ends at a target, it may end some trials earlier or later.
`;

const TRAINER = `## trainer

Either a description of data set, model and optimizer, or a module (docs: writing a trainer). Every value of a description may be a
\`$reference\`.
`;

const REFERENCES = `## References

\`$name\` where a value stands is the parameter's value, its type kept: \`dropout: $dropout\`, \`filters: [$filters, 32]\`. Inside a text it is
written \`"run-\${name}"\`, quoted, and always makes a text. \`$$\` is a dollar. The \`args\` of a module may hold references too.

A parameter acts only where it is referenced; in a description one that is referenced nowhere is an error. A module gets them all as
\`params\`. Where a conditional parameter is absent, the key or list element that holds its reference is left out.
`;

const PARAMETERS = `## parameters

\`\`\`yaml
trainer: {module: ./train.ts}
method: random
run_cap: 20
metric: {name: val_loss, goal: minimize}
parameters:
  optimizer: {values: [adam, sgd]}           # categorical
  layers: {min: 1, max: 4}                   # both bounds without a point or exponent: whole numbers
  dropout: {min: 0.0, max: 0.5}              # else real numbers
  batch_size: {min: 16, max: 128, q: 16}     # multiples of q
  patience: {value: 5}                       # constant
  learning_rate: {distribution: log_uniform_values, min: 1.0e-5, max: 0.1}
\`\`\`

In JSON and in \`--set\` \`1\` and \`1.0\` are the same, so bounds mean real numbers there: \`int: true\` asks for whole ones. \`values\` that are
ascending numbers are ordinal, their distance counts, unless \`ordered: false\`. A grid needs \`count\` or \`q\` on a continuous parameter.
`;

const CONDITIONS = `## Conditions

\`when\` names earlier parameters, each with a list of values or, for numbers, with \`ge\`, \`gt\`, \`le\`, \`lt\`. All must hold; the child of an
absent parameter is absent. Absent means that \`params\` has no such key.

\`\`\`yaml
trainer: {module: ./train.ts}
method: random
run_cap: 20
metric: {name: val_loss, goal: minimize}
parameters:
  optimizer: {values: [adam, sgd]}
  momentum: {min: 0.0, max: 0.99, when: {optimizer: [sgd]}}
  layers: {min: 1, max: 3}
  units_2: {values: [16, 32], when: {layers: {ge: 2}}}
\`\`\`
`;

const FROM_WANDB = `## Coming from Weights & Biases

\`method\`, \`metric\`, \`parameters\`, \`early_terminate\` and \`run_cap\` mean what they mean there. \`program\` and \`command\` become
\`trainer: {module: ./train.ts}\`. \`log_uniform\`, whose bounds are exponents there, is refused: write \`log_uniform_values\`. Nested
\`parameters\` are written side by side, with \`when\` where one depends on another.
`;
