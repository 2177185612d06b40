import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { nameFromFile } from '../config/assemble.ts';
import { profileCsv } from '../config/csv-profile.ts';
import { csvSweepYaml, planCsv } from '../config/csv-starter.ts';
import { parseConfig } from '../config/index.ts';
import { sweepJsonSchemaText } from '../config/json-schema.ts';
import { paramsType } from '../config/params-type.ts';
import { starterSweepYaml, starterTrainer, starterTsconfig } from '../config/starter.ts';
import { TfsweepError } from '../errors.ts';
import { type AddVerb, type CommonFlags, printJson, printLine, withExamples } from './context.ts';

interface Flags extends CommonFlags {
  readonly csv?: string;
}

/** `tfsweep init [FOLDER]`: a sweep file and a trainer to start from. */
export const addInitVerb: AddVerb = (program) => {
  const command = program
    .command('init')
    .description('write a commented sweep file and a trainer to start from; never overwrites')
    .argument('[folder]', 'where to write (default: here, or the folder of the CSV file)')
    .option(
      '--csv <file>',
      'write a sweep over this table instead: columns and task are inferred, no code is needed; a table outside of FOLDER is copied there',
    )
    .option('--json', 'print the result as one JSON document')
    .action((folder: string | undefined, flags: Flags) => init(folder, flags));
  withExamples(command, [
    'tfsweep init my-sweep',
    'tfsweep init --csv data/houses.csv',
    'tfsweep init --csv data/houses.csv my-table',
  ]);
};

function init(given: string | undefined, flags: Flags): void {
  const folder = resolve(given ?? (flags.csv === undefined ? '.' : dirname(flags.csv)));
  const files = flags.csv === undefined ? moduleFiles(folder) : csvFiles(folder, flags.csv);
  writeNew(folder, files);
  const written = [...files.keys()].map((name) => join(folder, name));
  if (flags.json) {
    printJson({ folder, files: written });
    return;
  }
  const shown = (path: string): string => relative(process.cwd(), path) || '.';
  for (const path of written) printLine(`wrote ${shown(path)}`);
  printLine(`Next: tfsweep launch ${shown(join(folder, 'sweep.yaml'))}`);
}

const SCHEMA_FILE = 'tfsweep.schema.json';

function moduleFiles(folder: string): Map<string, string> {
  const name = nameFromFile(basename(folder));
  const yaml = starterSweepYaml(name);
  const { config } = parseConfig(yaml, join(folder, 'sweep.yaml'));
  return new Map([
    ['sweep.yaml', yaml],
    ['train.ts', starterTrainer(paramsType(config.parameters, name))],
    ['tsconfig.json', starterTsconfig(...typePaths(folder))],
    [SCHEMA_FILE, sweepJsonSchemaText()],
  ]);
}

/** A sweep reads data from its own folder or below, so a table from elsewhere is copied there. */
function csvFiles(folder: string, csv: string): Map<string, string | Buffer> {
  const path = relative(folder, resolve(csv));
  const isElsewhere = path.startsWith('..') || isAbsolute(path);
  const inFolder = isElsewhere ? basename(csv) : path.split(sep).join('/');
  const profile = readProfile(csv);
  const name = nameFromFile(basename(csv).replace(/\.[^.]*$/, ''));
  return new Map<string, string | Buffer>([
    ['sweep.yaml', csvSweepYaml(name, inFolder, profile, planCsv(profile))],
    [SCHEMA_FILE, sweepJsonSchemaText()],
    ...(isElsewhere ? ([[inFolder, readFileSync(csv)]] as const) : []),
  ]);
}

function readProfile(csv: string): ReturnType<typeof profileCsv> {
  try {
    return profileCsv(csv);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TfsweepError('CSV_UNREADABLE', `${csv} can't be used: ${reason}.`, {
      exitCode: 2,
      cause: error,
    });
  }
}

/** All of the files or none: what stands there is a person's work. */
function writeNew(folder: string, files: ReadonlyMap<string, string | Buffer>): void {
  const taken = [...files.keys()].filter((name) => existsSync(join(folder, name)));
  if (taken.length > 0) {
    throw new TfsweepError(
      'FILE_EXISTS',
      `${folder} already holds ${taken.join(', ')}; nothing was written. Choose another folder: tfsweep init FOLDER`,
      { exitCode: 2 },
    );
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text, { flag: 'wx' });
}

/** Where the types lie, relative to the folder; null for what resolves from there by itself. */
function typePaths(folder: string): [trainer: string | null, tfjs: string | null] {
  const here = createRequire(import.meta.url);
  const worker = resolveFrom(here, '@tfsweep/worker/package.json');
  if (
    worker === null ||
    resolveFrom(createRequire(join(folder, 'x.js')), '@tfsweep/worker/package.json') !== null
  ) {
    return [null, null];
  }
  const tfjs = resolveFrom(createRequire(worker), '@tensorflow/tfjs/package.json');
  const below = (packageFile: string, ...path: string[]): string => {
    const target = relative(folder, join(dirname(packageFile), ...path))
      .split(sep)
      .join('/');
    return target.startsWith('.') ? target : `./${target}`;
  };
  return [
    below(worker, 'dist', 'trainers', 'api.d.ts'),
    tfjs === null ? null : below(tfjs, 'dist', 'index.d.ts'),
  ];
}

function resolveFrom(require: NodeJS.Require, request: string): string | null {
  try {
    return require.resolve(request);
  } catch {
    return null;
  }
}
