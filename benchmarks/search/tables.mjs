import { table } from '../markdown.mjs';

const show = (cell) =>
  cell === null || cell === undefined ? '–' : `${cell.mean.toFixed(3)} ± ${cell.se.toFixed(3)}`;
const plain = (cell) => (cell === null || cell === undefined ? '–' : cell.mean.toFixed(3));

/**
 * The figures of the search benchmark as Markdown.
 * @param {any} figures
 * @returns {string}
 */
export function renderSearch(figures) {
  const { checkpoints, seeds } = figures;
  const sections = [];
  if (figures.targets.length > 0) sections.push(`### Targets\n\n${targetTable(figures.targets)}`);
  for (const t of figures.plain ? checkpoints : [])
    sections.push(
      `### Mean normalised regret after ${t} trials, ${seedsText(seeds.plain)}\n\n${regretTable(figures.plain, figures.optuna, t)}`,
    );
  for (const t of figures.without_centre
    ? checkpoints.filter((c) => c >= 50 || checkpoints.length === 1)
    : [])
    sections.push(
      `### The same without the centre, after ${t} trials, ${seedsText(seeds.centre)}\n\n${regretTable(figures.without_centre, null, t)}${withoutOption(figures.without_centre)}`,
    );
  if (figures.verdicts?.length)
    sections.push(`### Against Optuna, problem by problem\n\n${verdictTables(figures.verdicts)}`);
  if (figures.moved)
    sections.push(
      `### Shifted and rotated instances, ${seedsText(seeds.moved)} each\n\n${movedTable(figures.moved, checkpoints)}`,
    );
  if (figures.in_flight)
    sections.push(
      `### Trials in flight, at equal trials, ${seedsText(seeds['in-flight'])}\n\n${ratioTable(withLateness(figures.in_flight), checkpoints, 'in flight')}`,
    );
  if (figures.priors)
    sections.push(
      `### Priors, ${seedsText(seeds.priors)}\n\n${ratioTable(figures.priors, Object.keys(figures.priors.none.regret), 'prior')}`,
    );
  if (figures.noise)
    sections.push(
      `### Noisy measurements, judged by the true value, ${seedsText(seeds.noise)}\n\n${noiseTable(figures.noise, checkpoints)}`,
    );
  if (figures.fidelity)
    sections.push(
      `### Epochs until a whole trial reaches a regret on ${figures.fidelity.problem}, with ASHA, ${seedsText(seeds.fidelity)}\n\n${fidelityTable(figures.fidelity)}`,
    );
  if (figures.cap)
    sections.push(
      `### What the cap of \`tpe\` on a long history costs, ${seedsText(seeds.cap)}\n\n${capTable(figures.cap)}`,
    );
  for (const t of figures.objectives ? checkpoints : [])
    sections.push(
      `### Several objectives: normalised regret of the hypervolume after ${t} trials, ${seedsText(seeds.objectives)}\n\n${regretTable(figures.objectives, figures.optuna_objectives, t)}`,
    );
  if (figures.against?.length)
    sections.push(`### Against the earlier run\n\n${verdictTables(figures.against)}`);
  return `${sections.join('\n\n')}\n`;
}

const seedsText = (count) => (count === 1 ? '1 seed' : `${count} seeds`);

function targetTable(targets) {
  return table(
    ['', 'Optuna 5', 'to reach', 'ours', 'reached'],
    targets.map(({ what, optuna, target, ours, met }) => [what, optuna, target, ours, met ? 'yes' : 'no']),
  );
}

function regretTable(ours, optuna, t) {
  const samplers = Object.keys(ours);
  const rivals = optuna === null ? [] : Object.keys(optuna);
  const problems = Object.keys(ours[samplers[0]].problems);
  const row = (name, ofOurs, ofOptuna) => [
    name,
    ...samplers.map((s) => show(ofOurs(ours[s]))),
    ...rivals.map((s) => plain(ofOptuna(optuna[s]))),
  ];
  return table(
    ['problem', ...samplers, ...rivals.map((s) => (s === 'hindsight' ? 'best in hindsight' : `Optuna ${s}`))],
    [
      ...problems.map((problem) =>
        row(
          problem,
          (s) => s.problems[problem][t],
          (s) => s.problems[problem][t],
        ),
      ),
      row(
        '**mean**',
        (s) => s.mean[t],
        (s) => s.mean[t],
      ),
      ['ms per ask', ...samplers.map((s) => ours[s].ask_ms.toFixed(2)), ...rivals.map(() => '')],
    ],
  );
}

function withoutOption(ours) {
  const names = Object.keys(ours).filter((name) => !ours[name].centre_option);
  if (names.length === 0) return '';
  return `\n\nNo option for the centre, so as above: ${names.join(', ')}.`;
}

function verdictTables(verdicts) {
  const groups = Map.groupBy
    ? [...Map.groupBy(verdicts, (v) => `${v.sampler} after ${v.trials} trials`)]
    : groupBy(verdicts, (v) => `${v.sampler} after ${v.trials} trials`);
  return groups
    .map(([name, list]) => {
      const worse = list.filter(({ verdict }) => verdict === 'worse').length;
      const rows = list.map((v) => [
        v.problem,
        v.rival ?? '',
        v.difference.toFixed(3),
        `${v.low.toFixed(3)} … ${v.high.toFixed(3)}${v.paired ? '' : ' (unpaired)'}`,
        v.verdict,
      ]);
      return `**${name}**: no worse on ${list.length - worse} of ${list.length}\n\n${table(
        ['problem', 'against', 'difference', '95 % interval', 'verdict'],
        rows,
      )}`;
    })
    .join('\n\n');
}

function groupBy(list, key) {
  const groups = new Map();
  for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
}

function movedTable(moved, checkpoints) {
  const samplers = Object.keys(moved);
  const names = Object.keys(moved[samplers[0]].instances);
  const head = ['instance', ...samplers.flatMap((s) => checkpoints.map((t) => `${s} @${t}`))];
  return table(head, [
    ...names.map((name) => [
      name,
      ...samplers.flatMap((s) => checkpoints.map((t) => plain(moved[s].instances[name][t]))),
    ]),
    [
      `**mean of ${names.length}**`,
      ...samplers.flatMap((s) => checkpoints.map((t) => show(moved[s].mean[t]))),
    ],
    [
      'mean without branin2 and rosenbrock5',
      ...samplers.flatMap((s) => checkpoints.map((t) => show(moved[s].mean_hard?.[t]))),
    ],
  ]);
}

function withLateness(inFlight) {
  return Object.fromEntries(
    Object.entries(inFlight).flatMap(([count, { late, ...row }]) => [
      [`${count} `, row],
      ...(late === undefined ? [] : [[`1, with ${count - 1} results fewer`, late]]),
    ]),
  );
}

function ratioTable(rows, points, title) {
  return table(
    [title, ...points.flatMap((t) => [`@${t}`, 'ratio'])],
    Object.entries(rows).map(([name, { regret, ratio }]) => [
      name,
      ...points.flatMap((t) => [show(regret[t]), ratio === undefined ? '' : ratio[t].toFixed(2)]),
    ]),
  );
}

function capTable(cap) {
  return table(
    ['trials', 'with the cap', 'whole history', 'cost'],
    Object.entries(cap).map(([t, { capped, whole, cost }]) => [t, show(capped), show(whole), show(cost)]),
  );
}

function noiseTable(noise, checkpoints) {
  return table(
    ['sampler', ...checkpoints.flatMap((t) => [`looks best @${t}`, `is best @${t}`])],
    Object.entries(noise).map(([sampler, { looks_best, is_best }]) => [
      sampler,
      ...checkpoints.flatMap((t) => [show(looks_best[t]), show(is_best[t])]),
    ]),
  );
}

function fidelityTable({ targets }) {
  return table(
    ['regret', 'error', 'random, whole trials', 'epochs', 'ratio', 'reached'],
    targets.map((t) => [
      String(t.regret),
      t.value.toFixed(4),
      `${t.random_epochs} (1 trial in ${Math.round(1 / t.random_share_of_hits)})`,
      `${Math.round(t.epochs.mean)} ± ${Math.round(t.epochs.se)}`,
      `1/${(1 / t.ratio).toFixed(1)}`,
      `${t.reached} of ${t.of}`,
    ]),
  );
}
