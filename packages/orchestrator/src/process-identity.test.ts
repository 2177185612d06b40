import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { identityOf, isAlive, thisProcess } from './process-identity.ts';

const hasProc = existsSync('/proc/self/stat');

describe('a process identity', () => {
  it('is that of this process, which lives', () => {
    expect(thisProcess()).toMatchObject({ pid: process.pid, host: expect.stringMatching(/./) });
    expect(thisProcess()).toEqual(identityOf(process.pid));
    expect(isAlive(thisProcess())).toBe(true);
  });

  it('is dead once its process has ended, and before its parent has taken notice too', async () => {
    // The shell starts a process, names it, and never waits for it: that stays behind as a zombie.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const orphan = identityOf(Number(String(line).trim()));
      expect(isAlive(orphan)).toBe(true);
      process.kill(orphan.pid, 'SIGKILL');
      await expect.poll(() => isAlive(orphan), { interval: 5 }).toBe(false);
    } finally {
      const gone = once(parent, 'exit');
      const identity = identityOf(parent.pid!);
      parent.kill('SIGKILL');
      await gone;
      expect(isAlive(identity)).toBe(false);
    }
  });

  it('cannot be judged on another host', () => {
    expect(isAlive({ ...thisProcess(), host: 'elsewhere' })).toBeNull();
  });

  it.skipIf(!hasProc)('is dead after a reboot, and when its pid was given to another process', () => {
    const me = thisProcess();
    expect(isAlive({ ...me, bootId: `another/${me.bootId.split('/')[1]}` })).toBe(false);
    expect(isAlive({ ...me, startTime: '1' })).toBe(false);
  });

  it.skipIf(!hasProc)('cannot be judged in another container of this host', () => {
    const me = thisProcess();
    expect(isAlive({ ...me, pid: 999_999, bootId: `${me.bootId.split('/')[0]}/1` })).toBeNull();
  });

  it('is judged by the pid alone where nothing else is known', () => {
    const me = thisProcess();
    expect(isAlive({ host: me.host, bootId: '', pid: process.pid, startTime: '' })).toBe(true);
    expect(isAlive({ host: me.host, bootId: '', pid: 2 ** 30, startTime: '' })).toBe(false);
    expect(isAlive({ host: me.host, bootId: '', pid: 0, startTime: '' })).toBe(false);
  });
});
