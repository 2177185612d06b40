import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Playground } from './tfsweep.ts';

const CSV = fileURLToPath(new URL('../../configs/csv.yaml', import.meta.url));
const SWEEP_MS = 180_000;

interface ExportedTrial {
  readonly number: number;
  readonly params: object;
  readonly state: string;
  readonly step: number;
  readonly value: number | null;
}

it(
  'tries, stops and measures the same with one worker and with three, where the file is reproducible',
  async () => {
    const playground = Playground.create();
    const trained: ExportedTrial[][] = [];
    for (const workers of ['1', '3']) {
      const set = ['reproducible=true', 'run_cap=12', `name=by-${workers}`].flatMap((one) => ['--set', one]);
      const launched = await playground.run(['launch', CSV, '--json', '--workers', workers, ...set]);
      expect(launched).toMatchObject({ code: 0 });
      const exported = await playground.run(['export', `by-${workers}`, '--format', 'jsonl']);
      trained.push(
        exported.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as ExportedTrial)
          .map(({ number, params, state, step, value }) => ({ number, params, state, step, value })),
      );
    }
    const [alone, together] = trained;
    expect(new Set(alone!.map(({ state }) => state))).toEqual(new Set(['complete', 'pruned']));
    expect(together).toEqual(alone);
  },
  SWEEP_MS,
);

it(
  'goes on with a fixed parameter after a resume, and refuses a value that it cannot have',
  async () => {
    const playground = Playground.create();
    expect(await playground.run(['launch', CSV, '--json', '--set', 'run_cap=2'])).toMatchObject({ code: 0 });
    const refused = await playground.run(['resume', 'csv', '--set', 'fixed.units=7']);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--set fixed.units=7: fixed.units: expected'),
    });
    const resumed = await playground.run([
      ...['resume', 'csv', '--json', '--set', 'run_cap=4', '--set', 'fixed.units=4'],
    ]);
    expect(resumed).toMatchObject({ code: 0 });
    const rows: Array<{ number: number; params: { units: number; dropout: number } }> = JSON.parse(
      (await playground.run(['leaderboard', 'csv', '--json'])).stdout,
    );
    const later = rows.filter(({ number }) => number >= 2);
    expect(later.map(({ params }) => params.units)).toEqual([4, 4]);
    expect(new Set(later.map(({ params }) => params.dropout)).size).toBe(2);
  },
  SWEEP_MS,
);
