/**
 * What the search has to reach, beside what it reaches; rows without a figure in this run are left out.
 * @param {any} figures
 * @returns {Array<{what: string, optuna: string, target: string, ours: string, met: boolean}>}
 */
export function targetsOf(figures) {
  const rows = [];
  const atMost = (what, optuna, limit, cell) => {
    if (cell === undefined || cell === null) return;
    const ours =
      typeof cell === 'number' ? cell.toFixed(2) : `${cell.mean.toFixed(3)} ± ${cell.se.toFixed(3)}`;
    const value = typeof cell === 'number' ? cell : cell.mean;
    rows.push({ what, optuna, target: `at most ${limit}`, ours, met: value <= limit });
  };
  const { plain, without_centre, optuna, moved, in_flight, priors, fidelity, verdicts = [] } = figures;
  const first = figures.first_sampler;
  const auto = plain?.auto;
  for (const [trials, limit, bare] of [
    [50, 0.13, 0.2],
    [100, 0.05, 0.1],
  ]) {
    const theirs = optunaText(optuna, trials);
    atMost(`\`auto\` after ${trials} trials`, theirs, limit, auto?.mean[trials]);
    atMost(`… without the centre`, theirs, bare, without_centre?.auto?.mean[trials]);
  }
  for (const [key, which] of [
    ['mean', 'shifted and rotated instances'],
    ['mean_hard', '… without branin2 and rosenbrock5'],
  ]) {
    const theirs = Object.entries(moved ?? {})
      .filter(([name, table]) => name.startsWith('Optuna') && table[key]?.[50])
      .map(([name, table]) => `${name.slice(7).toUpperCase()} ${table[key][50].mean.toFixed(3)}`);
    const ours = moved?.auto?.[key]?.[50];
    atMost(
      which.startsWith('…') ? which : `\`auto\` on ${which}, after 50`,
      theirs.join(', ') || '–',
      0.22,
      ours,
    );
  }
  for (const problem of ['conditional14', 'mixed8']) {
    const theirs = optuna?.hindsight?.problems[problem]?.[50];
    const text = theirs ? `best ${theirs.mean.toFixed(3)}` : '–';
    atMost(`\`auto\` on ${problem}, after 50`, text, 0.15, auto?.problems[problem]?.[50]);
  }
  for (const sampler of ['tpe', 'gp']) {
    for (const trials of [50, 100]) {
      const list = verdicts.filter((v) => v.sampler === sampler && v.trials === trials);
      if (list.length === 0) continue;
      const fine = list.filter(({ verdict }) => verdict !== 'worse').length;
      const gain = list.reduce((sum, { difference }) => sum + difference, 0) / list.length;
      rows.push({
        what: `\`${sampler}\` against Optuna's, after ${trials}`,
        optuna: '–',
        target: 'no worse on 8 of 9, better in the mean',
        ours: `${fine} of ${list.length}, ${gain.toFixed(3)}`,
        met: fine >= list.length - 1 && gain < 0,
      });
    }
  }
  for (const [count, limit] of [
    [8, 1.15],
    [32, 1.4],
  ]) {
    for (const trials of [50, 100])
      atMost(
        `\`${first}\`, ${count} in flight, after ${trials}, times the sequential regret`,
        '–',
        limit,
        in_flight?.[count]?.ratio[trials],
      );
  }
  for (const { regret, ratio, reached, of } of fidelity?.targets ?? [])
    rows.push({
      what: `epochs to a regret of ${regret} on ${fidelity.problem}, ASHA and \`${first}\``,
      optuna: 'random, whole trials: 1',
      target: 'at most 1/8',
      ours: `1/${(1 / ratio).toFixed(1)}${reached < of ? ` (reached ${reached} of ${of})` : ''}`,
      met: ratio <= 1 / 8 && reached === of,
    });
  atMost(
    `\`${first}\`, a right prior after 20 trials, times the regret without`,
    '–',
    0.5,
    priors?.right.ratio[20],
  );
  atMost(
    `\`${first}\`, a wrong prior after 100 trials, times the regret without`,
    '–',
    1.1,
    priors?.wrong.ratio[100],
  );
  return rows;
}

function optunaText(optuna, trials) {
  if (optuna === undefined) return '–';
  const named = ['gp', 'tpe', 'hindsight'].flatMap((name) => {
    const cell = optuna[name]?.mean[trials];
    return cell
      ? [`${name === 'hindsight' ? 'best in hindsight' : name.toUpperCase()} ${cell.mean.toFixed(3)}`]
      : [];
  });
  return named.join(', ');
}
