// One measurement in a process of its own, so that no other one's compiled code is in it.
// argv[2]: {what, trials, params}. Prints one JSON object: CPU ms of the first call and of the median of five.
import { expectBest, PartialDependence, parameterImportance } from '@tfsweep/orchestrator/analysis';
import { createRng, drawParams } from '@tfsweep/orchestrator/study';

const { what, trials, params } = JSON.parse(process.argv[2]);

// A quarter each: continuous, logarithmic, whole, and choices of which half have a child. All rows are fixed by the seed.
const space = Array.from({ length: params }, (_, i) => ({
  name: `x${i}`,
  distribution: [
    { kind: 'float', low: 0, high: 1, log: false },
    { kind: 'float', low: 1e-5, high: 0.1, log: true },
    { kind: 'int', low: 1, high: 12, log: false, step: 1 },
    { kind: 'categorical', choices: ['a', 'b', 'c'], ordered: false },
  ][i % 4],
  when: i % 8 === 4 ? [{ parameter: `x${i - 1}`, kind: 'in', values: ['a', 'b'] }] : [],
}));
const rng = createRng(1, 0, 'analysis benchmark');
const rows = Array.from({ length: trials }, (_, number) => {
  const point = drawParams(space, rng);
  const value =
    point.x0 +
    Math.abs(Math.log10(point.x1) + 3) +
    (point.x3 === 'b' ? point.x2 / 6 : 0) +
    0.1 * rng.normal();
  return {
    number,
    params: point,
    value,
    state: 'complete',
    violation: 0,
    startedAt: number,
    finishedAt: number + 1,
    step: 1,
  };
});

const WORK = {
  'ped-anova': () => parameterImportance(space, rows, { method: 'ped-anova', goal: 'minimize' }),
  fanova: () => parameterImportance(space, rows, { method: 'fanova', goal: 'minimize' }),
  slices: () => {
    const dependence = new PartialDependence(space, rows);
    for (const { name } of space) dependence.slice(name);
  },
  'expected best': () => expectBest(rows, { goal: 'minimize', more: trials, sampler: 'independent' }),
};

const times = Array.from({ length: 5 }, () => {
  const used = process.cpuUsage();
  WORK[what]();
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1000;
});
const [first] = times;
console.log(
  JSON.stringify({ first_cpu_ms: Math.round(first), cpu_ms: Math.round(times.sort((a, b) => a - b)[2]) }),
);
