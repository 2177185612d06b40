// Time per epoch of the same models on every backend that works here, and in PyTorch.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { probeBackends } from '../packages/worker/dist/agent/index.js';
import { table } from './markdown.mjs';
import { MODELS } from './training/models.mjs';
import { listOf, UsageError, wholeNumber } from './usage-error.mjs';

/** A slot that trains on the cores has one of them; `all` shows what one trial gets from the whole machine. */
const WAYS = {
  torch: { label: 'PyTorch, 1 thread', backend: null, env: {} },
  node: { label: 'node, 1 thread', backend: 'node', env: { TF_NUM_INTRAOP_THREADS: '1' } },
  'node-all': { label: 'node, all cores', backend: 'node', env: {} },
  'node-gpu': { label: 'node-gpu', backend: 'node-gpu', env: {} },
  wasm: { label: 'wasm', backend: 'wasm', env: {} },
  // Minutes, so once has to do: it is there to show what the others are spared.
  cpu: { label: 'cpu', backend: 'cpu', env: {}, once: true },
};

export const usage = `
Milliseconds per epoch of an MLP, a CNN and an LSTM on the backends that work here, one process per measurement, the
backends in turn within each repetition. With TORCH_PYTHON=/path/to/python, one that has torch, PyTorch is measured in
the same run.
`;

export const options = {
  models: { type: 'string', help: 'default: mlp,cnn,lstm' },
  backends: { type: 'string', help: `of ${Object.keys(WAYS).join(',')}; default: all that work` },
  repeats: { type: 'string', help: 'default: 5' },
  epochs: { type: 'string', help: 'epochs per measurement, after one that warms up; default: 3' },
  torch: { type: 'string', help: 'the Python that has torch, instead of TORCH_PYTHON' },
};

/**
 * @param {(line: string) => void} say
 * @param {Record<string, string | undefined>} given
 */
export async function measure(say, given) {
  const models = listOf('models', given.models ?? 'mlp,cnn,lstm', Object.keys(MODELS));
  const python = given.torch ?? process.env.TORCH_PYTHON;
  const ways = await waysHere(given.backends, python);
  const repeats = wholeNumber('repeats', given.repeats ?? '5');
  const epochs = wholeNumber('epochs', given.epochs ?? '3');
  const rows = models.map((model) => ({
    model,
    what: MODELS[model].what,
    samples: MODELS[model].samples,
    ways: [],
  }));
  const measured = new Map();
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const model of models) {
      for (const way of ways) {
        if (WAYS[way].once && repeat > 1) continue;
        say(`${repeat} of ${repeats}: ${model}, ${WAYS[way].label} …`);
        const key = `${model} ${way}`;
        const before = measured.get(key) ?? [];
        measured.set(key, [...before, epochsOf(way, model, epochs, python)]);
      }
    }
  }
  for (const row of rows) {
    row.ways = ways.map((way) => summary(way, measured.get(`${row.model} ${way}`)));
    compare(row.ways);
  }
  return { repeats, epochs, rows };
}

async function waysHere(asked, python) {
  const known = Object.keys(WAYS);
  const wanted = listOf('backends', asked ?? known.join(','), known);
  if (wanted.includes('torch') && python === undefined && asked !== undefined) {
    throw new UsageError('PyTorch is measured with --torch /path/to/python, or TORCH_PYTHON.');
  }
  const backends = wanted.map((way) => WAYS[way].backend).filter((backend) => backend !== null);
  const probes = await probeBackends([...new Set(backends)]);
  const working = new Set(probes.filter(({ works }) => works).map(({ name }) => name));
  return wanted.filter((way) => {
    const { backend } = WAYS[way];
    if (backend === null) return python !== undefined;
    if (!working.has(backend) && asked !== undefined) {
      throw new UsageError(
        `The backend ${backend} does not work here: ${probes.find(({ name }) => name === backend)?.detail}`,
      );
    }
    return working.has(backend);
  });
}

function epochsOf(way, model, epochs, python) {
  const { backend, env } = WAYS[way];
  const { samples: full, cpuSamples } = MODELS[model];
  const samples = backend === 'cpu' ? cpuSamples : full;
  const task = JSON.stringify({ backend, model, samples, epochs });
  const script = fileURLToPath(
    new URL(`./training/${backend === null ? 'torch_epochs.py' : 'epochs.mjs'}`, import.meta.url),
  );
  const { status, stdout, stderr, error } = spawnSync(
    backend === null ? python : process.execPath,
    [script, task],
    {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    },
  );
  if (error !== undefined) throw new UsageError(`${python} can't be run: ${error.message}`);
  if (status !== 0)
    throw new UsageError(
      `${WAYS[way].label}, ${model}: ended with ${status}:\n${stderr.trim().slice(-2000)}`,
    );
  const { ms, cpu_ms, loss, versions } = JSON.parse(stdout);
  if (!Number.isFinite(loss)) throw new Error(`${WAYS[way].label}, ${model}: the loss is ${loss}`);
  const scale = full / samples;
  return {
    ms: ms.map((t) => t * scale),
    cpu_ms: cpu_ms.map((t) => t * scale),
    scaled: scale !== 1,
    versions,
  };
}

/** The median over repetitions of each repetition's median epoch. */
function summary(way, runs) {
  const walls = runs.map(({ ms }) => median(ms));
  return {
    way,
    label: WAYS[way].label,
    ms: median(walls),
    fastest_ms: Math.min(...walls),
    slowest_ms: Math.max(...walls),
    cpu_ms: median(runs.map(({ cpu_ms }) => median(cpu_ms))),
    scaled: runs[0].scaled,
    versions: runs[0].versions,
  };
}

/** Ratios of CPU time beside those of wall time: other work on the machine moves them less. */
function compare(ways) {
  for (const base of ['torch', 'node']) {
    const { ms, cpu_ms } = ways.find(({ way }) => way === base) ?? {};
    for (const row of ways) {
      row[`times_${base}`] = ms === undefined ? null : row.ms / ms;
      row[`times_${base}_cpu`] = cpu_ms === undefined ? null : row.cpu_ms / cpu_ms;
    }
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {any} figures */
export function render({ repeats, epochs, rows }) {
  const number = (x) => Math.round(x).toLocaleString('en');
  const ratio = (wall, cpu) => (wall === null ? '–' : `${wall.toFixed(1)} / ${cpu.toFixed(1)}`);
  const tables = rows.map(({ model, what, samples, ways }) => {
    const body = ways.map((way) => [
      `${way.label}${way.scaled ? ', scaled up, once' : ''}`,
      number(way.ms),
      `${number(way.fastest_ms)} to ${number(way.slowest_ms)}`,
      number(way.cpu_ms),
      ratio(way.times_torch, way.times_torch_cpu),
      ratio(way.times_node, way.times_node_cpu),
    ]);
    const head = [
      'backend',
      'ms per epoch',
      'of the repetitions',
      'CPU ms',
      'times PyTorch, wall / CPU',
      'times node, wall / CPU',
    ];
    return `**${model}**: ${what}; ${samples.toLocaleString('en')} samples, batches of 64, Adam\n\n${table(head, body)}\n`;
  });
  const versions = Object.assign({}, ...rows[0].ways.map((way) => way.versions));
  const { node: _node, ...libraries } = versions;
  const named = Object.entries(libraries).map(([name, version]) => `${name} ${version}`);
  return `${tables.join('\n')}\nMedians of ${repeats} repetitions of ${epochs} epochs; ${named.join(', ')}.\n`;
}
