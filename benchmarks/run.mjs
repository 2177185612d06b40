// usage: pnpm bench NAME [--json | --write FILE] [options of the benchmark]
// Prints the benchmark's own tables, where it has some; with --json {name, figures, machine}; with --write FILE puts the
// tables into a page's block of that name.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''));

const args = process.argv.slice(2).filter((arg) => arg !== '--');
const at = args.findIndex((arg) => !arg.startsWith('-'));
const name = args[at];
if (name === undefined || !names.includes(name)) {
  console.error(`usage: pnpm bench NAME [--json] [options]\nbenchmarks: ${names.join(', ')}`);
  process.exit(2);
}

/** Options whose value is a path of this machine: no page needs it. */
const PATHS = ['--write', '--store', '--against', '--optuna'];

const loadBefore = loadavg()[0];
const benchmark = await import(`./${name}.bench.mjs`);
const options = readOptions(args.toSpliced(at, 1), benchmark);
const figures = await measure();
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memory_gib: Math.round(totalmem() / 2 ** 30),
  platform: `${platform()}-${arch()}`,
  node: process.version,
  load_before: Number(loadBefore.toFixed(2)),
};
if (options.write !== undefined) {
  writeBlock(options.write, asMarkdown());
} else if (options.json || benchmark.render === undefined) {
  console.log(JSON.stringify({ name, figures, machine }, null, 2));
} else {
  console.log(asMarkdown());
}

function asMarkdown() {
  const { cpu, cores, memory_gib, node, load_before } = machine;
  const date = new Date().toISOString().slice(0, 10);
  const shown = args.filter((arg, i) => !PATHS.includes(arg) && !PATHS.includes(args[i - 1]));
  return [
    benchmark.render(figures),
    `\`pnpm bench ${shown.join(' ')}\` on ${date}: ${cpu}, ${cores} cores, ${memory_gib} GiB, Node ${node}, load ${load_before} before the start.`,
  ].join('\n');
}

/** Puts text between a page's markers `<!-- NAME -->` and `<!-- /NAME -->`. */
function writeBlock(file, text) {
  const page = readFileSync(file, 'utf8');
  const block = new RegExp(`(<!-- ${name} -->\\n).*?(<!-- /${name} -->)`, 's');
  if (!block.test(page)) fail(new Error(`${file} has no block <!-- ${name} --> … <!-- /${name} -->.`));
  writeFileSync(
    file,
    page.replace(block, (_, open, close) => `${open}\n${text}\n\n${close}`),
  );
  console.error(`The block ${name} of ${file} is new.`);
}

/** A benchmark declares its options as `parseArgs` takes them, each with a `help` line. */
function readOptions(given, { options: declared = {}, usage = '' }) {
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        ...declared,
        json: { type: 'boolean' },
        write: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (!values.help) return values;
    console.log(`usage: pnpm bench ${name} [--json | --write FILE] [options]\n${usage}`);
    for (const [option, { type, help }] of Object.entries(declared))
      console.log(`  --${type === 'string' ? `${option} …` : option}`.padEnd(24) + help);
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}

async function measure() {
  try {
    return await benchmark.measure((line) => console.error(line), options);
  } catch (error) {
    if (error.code === 'BENCH_USAGE') fail(error);
    throw error;
  }
}

function fail(error) {
  console.error(`${error.message}\nSee pnpm bench ${name} --help.`);
  process.exit(2);
}
