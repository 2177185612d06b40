import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { openSweep, runTrial, sampleConfig, startTrial, tempDir } from '../store/testing/sample-sweeps.ts';
import { nineTrials, ORDER_OF_NINE, SEVERAL_METRICS } from '../store/testing/several-metrics.ts';
import { addCompareVerb } from './compare.ts';
import { addExportVerb } from './export.ts';
import { addImportanceVerb } from './importance.ts';
import { addLeaderboardVerb, renderLeaderboard } from './leaderboard.ts';
import { addListVerb } from './list.ts';
import { addShowVerb } from './show.ts';
import { runVerb } from './testing/run-verb.ts';

const HOSTILE = 'no column "a,b"\n\u001b[2Jgone';

async function sampleStore(): Promise<Awaited<ReturnType<typeof openSweep>>> {
  const open = await openSweep();
  await open.writer.transaction((tx) => {
    runTrial(tx, 0, {
      metrics: [0.2, 0.81234567],
      params: { learning_rate: 0.00123456, units: 32, optimizer: 'adam' },
    });
    runTrial(tx, 1, { metrics: [0.3, 0.9], params: { learning_rate: 0.1, units: 32 }, worker: 'host-b:2' });
    runTrial(tx, 2, { metrics: [0.25], end: 'pruned' });
    startTrial(tx, 3);
    tx.addReport(3, 1, { step: 1, values: { loss: Number.NaN }, at: 1, metric: null });
    tx.finishTrial(3, {
      state: 'failed',
      value: null,
      reason: 'threw',
      error: {
        kind: 'throw',
        message: HOSTILE,
        stack: `Error: ${HOSTILE}\n    at train (train.ts:3:9)`,
        at: 'train.ts:3:9',
      },
      at: 9_000,
    });
    tx.addTrial({
      number: 4,
      params: { learning_rate: 0.5, units: 32, optimizer: 'sgd' },
      sampler: 'random',
    });
  });
  return open;
}

describe('tfsweep leaderboard', () => {
  it('ranks the trials, with the parameters that vary', async () => {
    const { dir } = await sampleStore();
    const lines = (await runVerb(addLeaderboardVerb, 'leaderboard', '--dir', dir)).trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^#\s+trial\s+state\s+val_accuracy\s+epochs\s+learning_rate\s+optimizer\s+time\s+worker$/,
    );
    expect(lines[1]).toMatch(/^1\s+1\s+complete\s+0\.9\s+2\s+0\.1\s+-\s+0\.5 s\s+host-b:2$/);
    expect(lines[2]).toMatch(/^2\s+0\s+complete\s+0\.81235\s+2\s+0\.001235\s+adam\s/);
    expect(lines[3]).toMatch(/^\s+2\s+pruned\s+\(0\.25\)\s+1\s/);
    expect(lines).toHaveLength(6);
    expect(lines.join('')).not.toContain('units');
  });

  it('shows as many as are asked for, and says how many more there are', async () => {
    const { dir, store, sweep } = await sampleStore();
    const text = await runVerb(addLeaderboardVerb, 'leaderboard', 'digits', '--top', '2', '--dir', dir);
    expect(text).toContain('… and 3 more: tfsweep leaderboard digits --all');
    const row = store.sweep(sweep.id)!;
    expect(text).toBe(`${renderLeaderboard(store, row, { top: 2 })}\n`);
    expect(renderLeaderboard(store, row, { top: 2, all: true }).split('\n')).toHaveLength(6);
    for (const line of renderLeaderboard(store, row, { width: 40 }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(40);
  });

  it('prints all of it as JSON', async () => {
    const { dir } = await sampleStore();
    const rows = JSON.parse(
      await runVerb(addLeaderboardVerb, 'leaderboard', '--json', '--dir', dir),
    ) as unknown[];
    expect(rows).toHaveLength(5);
    expect(rows[0]).toEqual({
      rank: 1,
      number: 1,
      state: 'complete',
      value: 0.9,
      params: { learning_rate: 0.1, units: 32 },
      metrics: { val_accuracy: 0.9, loss: 0.09999999999999998 },
      duration_s: 0.5,
      worker: 'host-b:2',
      attempts: 1,
    });
    expect(rows[4]).toMatchObject({ rank: null, state: 'failed', metrics: { loss: 'NaN' } });
  });

  it('refuses a number of rows that is none, with the usage', async () => {
    const { dir } = await sampleStore();
    for (const top of ['0', '-3', '2.5', 'all']) {
      await expect(runVerb(addLeaderboardVerb, 'leaderboard', `--top=${top}`, '--dir', dir)).rejects.toThrow(
        'whole number from 1',
      );
    }
  });
});

describe('tfsweep list', () => {
  it('lists sweeps, newest first, and says which was interrupted', async () => {
    const { dir, store, writer } = await sampleStore();
    await store.createSweep({ config: sampleConfig({ name: 'second' }), source: '', configDir: '' });
    const lines = (await runVerb(addListVerb, 'list', '--dir', dir)).trimEnd().split('\n');
    expect(lines[1]).toMatch(/^second\s+interrupted\s+0\s/);
    expect(lines[2]).toMatch(/^digits\s+running\s+5\s+2\s+1\s+1\s+val_accuracy\s+0\.9\s/);
    await writer.transaction((tx) => tx.setSweepState('complete', null));
    const json = JSON.parse(await runVerb(addListVerb, 'list', '--json', '--dir', dir)) as unknown[];
    expect(json).toMatchObject([
      { sweep: 'second', best: null },
      {
        sweep: 'digits',
        state: 'complete',
        counts: { complete: 2, failed: 1 },
        best: { number: 1 },
        backend: 'cpu',
      },
    ]);
  });

  it('tells a folder without sweeps from one that has none yet, and makes none', async () => {
    const dir = join(tempDir(), 'none');
    await expect(runVerb(addListVerb, 'list', '--dir', dir)).rejects.toMatchObject({
      code: 'STORE_EMPTY',
      exitCode: 2,
    });
    expect(existsSync(dir)).toBe(false);
  });
});

describe('tfsweep show', () => {
  it('shows a sweep: its goal, its parameters, its best trial and what failed most', async () => {
    const { dir } = await sampleStore();
    const text = await runVerb(addShowVerb, 'show', 'digits', '--dir', dir);
    expect(text).toContain('maximize val_accuracy');
    expect(text).toMatch(
      /learning_rate\s+a number between 0\.00001 and 0\.1\s+0\.1|learning_rate\s+a number between 1e-5 and 0\.1\s+0\.1/,
    );
    expect(text).toContain('best      trial 1: val_accuracy 0.9');
    expect(text).toContain('learning_rate (0.1) lies at the top of its range');
    expect(text).toContain('no column "a,b"');
    const json = JSON.parse(await runVerb(addShowVerb, 'show', 'digits', '--json', '--dir', dir));
    expect(json).toMatchObject({
      sweep: 'digits',
      config: sampleConfig(),
      interrupted: false,
      commonest_failure: { count: 1, number: 3, at: 'train.ts:3:9' },
    });
  });

  it('shows a trial with its curve, and where its files are', async () => {
    const { dir, sweep } = await sampleStore();
    const text = await runVerb(addShowVerb, 'show', 'digits', '1', '--dir', dir);
    expect(text).toMatch(/digits trial 1 {2}complete\nval_accuracy 0\.9\n/);
    expect(text).toContain('val_accuracy ▁█');
    expect(text).toContain(`${join(dir, 'artifacts', sweep.id, '1', 'run-1-1-abc')} (not on this host)`);
  });

  it('shows what a trial failed of, message and stack once each, without acting on what is in them', async () => {
    const { dir } = await sampleStore();
    const text = await runVerb(addShowVerb, 'show', 'digits', '3', '--dir', dir);
    expect(text).toContain('error (throw at train.ts:3:9)\nno column "a,b"\ngone\n');
    expect(text).toContain('    at train (train.ts:3:9)');
    expect(text.match(/no column/g)).toHaveLength(1);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    const json = JSON.parse(await runVerb(addShowVerb, 'show', 'digits', '3', '--json', '--dir', dir));
    expect(json).toMatchObject({
      state: 'failed',
      error: { message: HOSTILE },
      reports: [{ attempt: 1, step: 1, values: { loss: 'NaN' } }],
      runs: [{ attempt: 1, outcome: 'failed', worker: 'host-a:1' }],
    });
  });

  it('names the nearest sweep, and the trials that there are', async () => {
    const { dir } = await sampleStore();
    const wrong = runVerb(addShowVerb, 'show', 'digit', '--dir', dir);
    await expect(wrong).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('Did you mean digits?'),
    });
    const missing = runVerb(addShowVerb, 'show', 'digits', '17', '--dir', dir);
    await expect(missing).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('0 to 4') });
    await expect(runVerb(addShowVerb, 'show', 'digits', 'first', '--dir', dir)).rejects.toThrow(
      'number of a trial',
    );
  });
});

describe('tfsweep export', () => {
  it('writes CSV that a reader of RFC 4180 takes back apart', async () => {
    const { dir } = await sampleStore();
    const records = parseCsv(await runVerb(addExportVerb, 'export', '--dir', dir));
    const [titles, ...rows] = records;
    expect(rows).toHaveLength(5);
    const cell = (row: number, title: string): string => rows[row]![titles!.indexOf(title)]!;
    expect(cell(0, 'param.learning_rate')).toBe('0.00123456');
    expect(cell(1, 'param.optimizer')).toBe('');
    expect(cell(1, 'value')).toBe('0.9');
    expect(cell(3, 'error')).toBe(HOSTILE);
    expect(cell(3, 'metric.loss')).toBe('NaN');
    expect(cell(4, 'state')).toBe('queued');
    for (const row of rows) expect(row).toHaveLength(titles!.length);
  });

  it('writes a JSON object per trial to a file', async () => {
    const { dir } = await sampleStore();
    const file = join(tempDir(), 'trials.jsonl');
    expect(
      await runVerb(addExportVerb, 'export', 'digits', '--format', 'jsonl', '--out', file, '--dir', dir),
    ).toBe('');
    const trials = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(trials).toHaveLength(5);
    expect(trials[3]).toMatchObject({
      number: 3,
      state: 'failed',
      error: { stack: expect.stringContaining('train.ts:3:9') },
    });
  });

  it('says that a file cannot be written', async () => {
    const { dir } = await sampleStore();
    const failing = runVerb(
      addExportVerb,
      'export',
      '--out',
      join(dir, 'no', 'such', 'folder.csv'),
      '--dir',
      dir,
    );
    await expect(failing).rejects.toMatchObject({ code: 'EXPORT_FAILED', exitCode: 1 });
  });
});

describe('--help', () => {
  it.each([addListVerb, addLeaderboardVerb, addShowVerb, addImportanceVerb, addCompareVerb, addExportVerb])(
    'has an example',
    (add) => {
      const program = new Command('tfsweep');
      let help = '';
      add(program);
      const [verb] = program.commands;
      const writeOut = (text: string): void => {
        help += text;
      };
      verb!.configureOutput({ writeOut }).outputHelp();
      expect(help).toContain(`Examples:\n  $ tfsweep ${verb!.name()}`);
    },
  );
});

/** RFC 4180, as plainly as it can be said. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/y;
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    record.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}

describe('a sweep of several metrics', () => {
  async function severalStore(): Promise<Awaited<ReturnType<typeof openSweep>>> {
    const open = await openSweep(SEVERAL_METRICS);
    await open.writer.transaction(nineTrials);
    return open;
  }

  it('has its front first on the leaderboard, and infeasible trials marked', async () => {
    const { store, sweep, dir } = await severalStore();
    const lines = renderLeaderboard(store, store.sweep(sweep.id)!, { all: true, width: 120 }).split('\n');
    expect(
      lines[0]!
        .trim()
        .split(/\s{2,}/)
        .slice(0, 6),
    ).toEqual(['#', 'front', 'trial', 'state', 'val_accuracy', 'size']);
    expect(
      lines.slice(1).map((line) => Number(/(\d+)\s+(?:complete|infeasible|pruned|running)/.exec(line)?.[1])),
    ).toEqual(ORDER_OF_NINE);
    expect(lines.filter((line) => line.includes('infeasible'))).toHaveLength(2);
    const json = JSON.parse(
      await runVerb(addLeaderboardVerb, 'leaderboard', '--dir', dir, '--json', '--top', '2'),
    );
    expect(json).toMatchObject([
      { rank: 1, number: 3, front: 1, feasible: true, values: { size: 9 } },
      { rank: 2, number: 1, front: 1, feasible: true },
    ]);
  });

  it('has its front in list --json and show, and its values in show and export', async () => {
    const { dir } = await severalStore();
    const [listed] = JSON.parse(await runVerb(addListVerb, 'list', '--dir', dir, '--json'));
    expect(listed.front.map(({ number }: { number: number }) => number)).toEqual([3, 1, 0]);
    const shown = await runVerb(addShowVerb, 'show', 'digits', '--dir', dir);
    expect(shown).toContain('maximize val_accuracy, minimize size, latency at most 10');
    expect(shown).toContain('front     trial 3, trial 1, trial 0');
    const trial = await runVerb(addShowVerb, 'show', 'digits', '2', '--dir', dir);
    expect(trial).toContain('latency 13\nbreaks the constraints by 3 in all');
    const csv = (await runVerb(addExportVerb, 'export', '--dir', dir)).split('\n');
    expect(csv[0]).toContain(',violation,value.size,value.latency,param.');
    const lines = (await runVerb(addExportVerb, 'export', '--dir', dir, '--format', 'jsonl')).split('\n');
    expect(JSON.parse(lines[2]!)).toMatchObject({ violation: 3, values: { latency: 13 } });
  });
});
