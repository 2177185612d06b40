import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { dieWithParent } from '../../die-with-parent.ts';
import type { RedisServerBinary } from './redis-server-binary.ts';

const run = promisify(execFile);

/**
 * A private server is shared by processes that come and go, any of which may be killed without a chance to say so. Its
 * lifetime therefore hangs on a named pipe, the leash: each holder has it open for writing, and the kernel closes it
 * for those that die. The keeper, a shell that is the server's parent, waits for its end of file, which is the moment
 * when nobody holds the server any longer. No pid is watched and nothing is polled.
 *
 * Where there is setpriv, the server also dies with its keeper.
 */
const KEEPER = `
place=$1 setpriv=$2
shift 2
exec 3<"$place/leash"
"$@" 3<&- &
server=$!
when_let_go='read -r line <&3
cd "$2" && rm -f redis.sock leash redis.conf redis.log && cd / && rmdir "$2"
kill -KILL "$1"'
if [ -n "$setpriv" ]; then
  "$setpriv" --pdeathsig KILL sh -c "$when_let_go" leash "$server" "$place" &
else
  sh -c "$when_let_go" leash "$server" "$place" &
fi
watch=$!
exec 3<&-
wait "$server"
kill "$watch" 2>/dev/null
`;

const OPEN_RETRY_MS = 2;

export const leashPath = (place: string): string => join(place, 'leash');
export const socketPath = (place: string): string => join(place, 'redis.sock');
export const configPath = (place: string): string => join(place, 'redis.conf');
export const logPath = (place: string): string => join(place, 'redis.log');

/** @throws where this file system has no named pipes. */
export async function makeLeash(place: string): Promise<void> {
  await run('mkfifo', ['-m', '600', leashPath(place)]);
}

/** Starts the keeper. It starts the server once somebody holds the leash. */
export function startKeeper(place: string, server: RedisServerBinary): ChildProcess {
  const [command, args] = dieWithParent(server.path, [configPath(place)]);
  const setpriv = command === server.path ? '' : command;
  const log = openSync(logPath(place), 'w', 0o600);
  try {
    const keeper = spawn('sh', ['-c', KEEPER, 'tfsweep-redis', place, setpriv, command, ...args], {
      // A session of its own: Ctrl-C in the terminal of one holder must not end what others use.
      detached: true,
      cwd: '/',
      env: { ...process.env, ...server.env },
      stdio: ['ignore', log, log],
    });
    keeper.unref();
    return keeper;
  } finally {
    closeSync(log);
  }
}

/** A hold on the server: a file descriptor, closed by `closeSync` or by this process's end. null: there is no keeper. */
export function takeLeash(place: string): number | null {
  try {
    // Without a reader this fails at once, with ENXIO.
    return openSync(leashPath(place), constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}

/** @returns null where the keeper ended before it took up the other end. */
export async function takeFirstLeash(place: string, keeper: ChildProcess): Promise<number | null> {
  for (;;) {
    const leash = takeLeash(place);
    if (leash !== null) return leash;
    if (keeper.exitCode !== null || keeper.signalCode !== null) return null;
    await sleep(OPEN_RETRY_MS);
  }
}
