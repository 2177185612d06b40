/** A broken sweep file with everything that is to be said about it. */
export interface BrokenConfig {
  readonly name: string;
  readonly file: ConfigText;
  /** `line:column: path: message` in the order of the file; what a flag brought begins with the flag. */
  readonly errors: readonly string[];
}

/** The text of a sweep file, and flags. */
export interface ConfigText {
  readonly text: string;
  readonly set?: readonly string[];
}

export const HEAD =
  'trainer: {module: ./train.ts}\nmethod: random\nrun_cap: 5\nmetric: {name: loss}\nparameters:\n';

/** A file whose sixth line, indented by two, is the parameter. */
export const parameter = (...lines: string[]): ConfigText => ({
  text: `${HEAD}${lines.map((line) => `  ${line}\n`).join('')}`,
});

/** A file with a sound parameter on line 6 and more keys from line 7 on. */
export const keys = (...lines: string[]): ConfigText => ({
  text: `${HEAD}  x: {min: 0.0, max: 1.0}\n${lines.join('\n')}\n`,
});

/** A declarative trainer on lines 1 to 4, `dropout` declared on line 9. */
export const declarative = (edits: Record<string, string> = {}): ConfigText => {
  let text = `trainer:
  dataset: {name: mnist, limit: 500}
  model: {type: mlp, hidden: [16], dropout: $dropout}
  epochs: 2
method: random
run_cap: 5
metric: {name: val_loss, goal: minimize}
parameters:
  dropout: {min: 0.0, max: 0.5}
`;
  for (const [from, to] of Object.entries(edits)) {
    if (!text.includes(from)) throw new Error(`no ${from} to edit`);
    text = text.replace(from, () => to);
  }
  return { text };
};
