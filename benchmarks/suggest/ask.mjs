// One measurement in a process of its own, so that no other one's memory and no other one's compiled code is in it.
// argv[2]: {sampler, history, params, asks, memory}. Prints one JSON object.
import { createPureStudy, createRng, drawParams } from '@tfsweep/orchestrator/study';

const { sampler, history, params, asks } = JSON.parse(process.argv[2]);

const space = Array.from({ length: params }, (_, i) => ({
  name: `x${i}`,
  distribution: { kind: 'float', low: 0, high: 1, log: false },
  when: [],
}));
const sphere = (point) => Object.values(point).reduce((sum, x) => sum + (x - 0.3) ** 2, 0);

const before = heldBytes();
const study = createPureStudy({
  parameters: space,
  metric: { goal: 'minimize', reduce: { type: 'last' } },
  method: 'bayes',
  sampler: { type: sampler, options: {} },
  scheduler: null,
  seed: 1,
  runCap: null,
  maxStep: null,
  points: [],
});
for (let number = 0; number < history; number++) {
  const { params: point } = study.restore(drawParams(space, createRng(0, number, 'history')));
  study.tell(number, { state: 'complete', value: sphere(point) });
}

const wall = [];
const cpu = [];
// The first ask takes in the whole history at once, which a sweep does trial by trial.
for (let i = 0; i <= asks; i++) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const { number, params: point } = study.ask();
  const { user, system } = process.cpuUsage(used);
  wall.push(performance.now() - start);
  cpu.push((user + system) / 1000);
  study.tell(number, { state: 'complete', value: sphere(point) });
}
const first = { wall_ms: wall.shift(), cpu_ms: cpu.shift() };
const held = heldBytes() - before;
console.log(
  JSON.stringify({
    first_wall_ms: round(first.wall_ms),
    first_cpu_ms: round(first.cpu_ms),
    wall_ms: quantiles(wall),
    cpu_ms: quantiles(cpu),
    held_mb: round(held / 1e6),
    trials: study.trials().length,
  }),
);

function heldBytes() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
  return { median: round(at(0.5)), p95: round(at(0.95)), max: round(sorted.at(-1)) };
}

function round(x) {
  return Number(x.toFixed(3));
}
