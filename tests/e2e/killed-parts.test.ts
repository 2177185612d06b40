import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { writeQuickSweep } from './quick-sweep.ts';
import { Playground } from './tfsweep.ts';

const TRIALS = 40;
const KILLS = 9;

/** What a launch consists of beside its own process, by their command lines. */
const PARTS = {
  worker: /bin\/tfsweep\.mjs\0worker\0/,
  runner: /runner\/main\.js\0/,
  redis: /redis-server/,
} as const;

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

it('finishes every trial once when worker, runner and Redis are killed with -9 in turn', async () => {
  const playground = Playground.create();
  const sweep = writeQuickSweep(playground, { trials: TRIALS, pauseMs: 150 });
  const launch = playground.start(['launch', sweep, '--json', '--workers', '2']);
  let over = false;
  void launch.finished.then(() => {
    over = true;
  });

  const killed: string[] = [];
  for (let i = 0; killed.length < KILLS && !over; i++) {
    await sleep(700 + ((i * 331) % 900));
    const part = (['runner', 'worker', 'redis'] as const)[killed.length % 3]!;
    const pid = playground.processes().find((candidate) => PARTS[part].test(commandLine(candidate)));
    if (pid === undefined || over) continue;
    process.kill(pid, 'SIGKILL');
    killed.push(part);
  }
  expect(killed.length).toBeGreaterThanOrEqual(3);

  const { code, stdout, stderr } = await launch.finished;
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ state: 'complete', counts: { complete: TRIALS, failed: 0 } });
  const board = await playground.run(['leaderboard', '--json', '--all']);
  const numbers = (JSON.parse(board.stdout) as Array<{ number: number }>).map((row) => row.number);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: TRIALS }, (_, i) => i));
}, 240_000);
