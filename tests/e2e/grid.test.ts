import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { Playground } from './tfsweep.ts';

const GRID = fileURLToPath(new URL('../../configs/grid.yaml', import.meta.url));

interface FileParameter {
  values: unknown[];
  when?: Record<string, unknown[]>;
}

/** All points of the file's grid, enumerated without any code of ours. */
function enumerate(parameters: Record<string, FileParameter>): Array<Record<string, unknown>> {
  let points: Array<Record<string, unknown>> = [{}];
  for (const [name, { values, when }] of Object.entries(parameters)) {
    points = points.flatMap((point) => {
      const active = Object.entries(when ?? {}).every(
        ([parent, allowed]) => parent in point && allowed.includes(point[parent]),
      );
      return active ? values.map((value) => ({ ...point, [name]: value })) : [point];
    });
  }
  return points;
}

it('tries every point of a grid with a conditional parameter exactly once', async () => {
  const playground = Playground.create();
  const file = parse(readFileSync(GRID, 'utf8')) as { parameters: Record<string, FileParameter> };
  const expected = enumerate(file.parameters).map((point) => canonical(point));
  expect(expected.length).toBeGreaterThan(5);
  expect(Object.values(file.parameters).some((parameter) => parameter.when)).toBe(true);

  const launched = await playground.run(['launch', GRID, '--json', '--workers', '2']);
  expect(launched).toMatchObject({ code: 0 });
  expect(JSON.parse(launched.stdout)).toMatchObject({
    state: 'complete',
    counts: { complete: expected.length },
  });

  const board = await playground.run(['leaderboard', '--json', '--all']);
  const tried = (JSON.parse(board.stdout) as Array<{ params: Record<string, unknown> }>).map((row) =>
    canonical(row.params),
  );
  expect(tried.toSorted()).toEqual(expected.toSorted());
}, 180_000);

function canonical(point: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(point).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
