import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Ends children with this process, even when it is killed: a runner inside a native training step notices no closed
 * channel, and would keep its GPU for ever.
 */
export interface ParentBond {
  /** The command line that starts `file` so that the bond can hold. */
  command(file: string, args: readonly string[]): { file: string; args: readonly string[] };
  /** A child that was started so; it leads its own process group. */
  hold(pid: number): void;
  /** The child has ended. */
  release(pid: number): void;
  close(): void;
}

/** The kernel's own bond where there is one, else a watchdog process. */
export async function parentBond(): Promise<ParentBond> {
  return (await hasSetpriv()) ? kernelBond() : watchdogBond();
}

/** The kernel kills the child when the thread that started it ends. `setpriv` becomes the child: same pid, same pipes. */
function kernelBond(): ParentBond {
  return {
    command: (file, args) => ({ file: 'setpriv', args: ['--pdeathsig', 'KILL', '--', file, ...args] }),
    hold() {},
    release() {},
    close() {},
  };
}

/** Reads `+pid` and `-pid`; the end of its input means that the parent is gone, however it went. */
const WATCHDOG = `
const held = new Set();
let rest = '';
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n');
  rest = lines.pop();
  for (const line of lines) line[0] === '+' ? held.add(+line.slice(1)) : held.delete(+line.slice(1));
});
process.stdin.on('close', () => {
  for (const pid of held) {
    try { process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL'); } catch {}
  }
});
`;

export function watchdogBond(): ParentBond {
  let watchdog: ChildProcess | null = null;
  const tell = (line: string): void => {
    if (watchdog === null) {
      // In a session of its own: a Ctrl-C at the terminal is not for it.
      const started = spawn(process.execPath, ['-e', WATCHDOG], {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
        windowsHide: true,
      });
      // Without a watchdog the runner still leaves at `disconnect`, which is all that is lost here.
      started.on('error', () => {});
      started.stdin.on('error', () => {});
      watchdog = started;
    }
    watchdog.stdin?.write(`${line}\n`);
  };
  return {
    command: (file, args) => ({ file, args }),
    hold: (pid) => tell(`+${pid}`),
    release: (pid) => tell(`-${pid}`),
    close() {
      watchdog?.stdin?.end();
      watchdog = null;
    },
  };
}

/** Busybox has a `setpriv` that knows no `--pdeathsig`, so finding the name is not enough. */
async function hasSetpriv(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    await promisify(execFile)('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], { timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}
