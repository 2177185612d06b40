// usage: pnpm bench NAME [--json] [options of the benchmark]
// With --json prints {name, figures, machine}; else the benchmark's own tables, where it has some.
import { readdirSync } from 'node:fs';
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
if (options.json || benchmark.render === undefined) {
  console.log(JSON.stringify({ name, figures, machine }, null, 2));
} else {
  const { cpu, cores, memory_gib, node, load_before } = machine;
  const date = new Date().toISOString().slice(0, 10);
  console.log(benchmark.render(figures));
  console.log(
    `Taken on ${date}: ${cpu}, ${cores} cores, ${memory_gib} GiB, Node ${node}, load ${load_before} before the start.`,
  );
}

/** A benchmark declares its options as `parseArgs` takes them, each with a `help` line. */
function readOptions(given, { options: declared = {}, usage = '' }) {
  try {
    const { values } = parseArgs({
      args: given,
      options: { ...declared, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (!values.help) return values;
    console.log(`usage: pnpm bench ${name} [--json] [options]\n${usage}`);
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
