// usage: pnpm bench NAME [--json]     prints {name, figures, machine}
import { readdirSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''));

const args = process.argv.slice(2).filter((arg) => arg !== '--');
const name = args.find((arg) => !arg.startsWith('--'));
if (name === undefined || !names.includes(name)) {
  console.error(`usage: pnpm bench NAME [--json]\nbenchmarks: ${names.join(', ')}`);
  process.exit(2);
}

const loadBefore = loadavg()[0];
const { measure } = await import(`./${name}.bench.mjs`);
const figures = await measure((line) => console.error(line));
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memory_gib: Math.round(totalmem() / 2 ** 30),
  platform: `${platform()}-${arch()}`,
  node: process.version,
  load_before: Number(loadBefore.toFixed(2)),
};
console.log(JSON.stringify({ name, figures, machine }, null, 2));
