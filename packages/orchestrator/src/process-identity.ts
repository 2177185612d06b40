import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells one process from every other, on this host and after a reboot. */
export interface ProcessIdentity {
  readonly host: string;
  /** The kernel's boot id and, after a slash, the pid namespace (a container's). Empty where there is no /proc. */
  readonly bootId: string;
  readonly pid: number;
  /** Clock ticks between boot and the process's start. Empty where there is no /proc. */
  readonly startTime: string;
}

/** Of states that a process can be in, those in which it never runs again. */
const ENDED_STATES = new Set(['Z', 'X', 'x']);

let own: ProcessIdentity | null = null;

/** The identity of the process that calls. */
export function thisProcess(): ProcessIdentity {
  own ??= identityOf(process.pid);
  return own;
}

/** The identity of the process that has this pid on this host now. */
export function identityOf(pid: number): ProcessIdentity {
  return { host: hostname(), bootId: readBootId(), pid, startTime: readStat(pid)?.startTime ?? '' };
}

/** @returns null where it cannot be known: another host, or another container's pid namespace. */
export function isAlive(identity: ProcessIdentity): boolean | null {
  const me = thisProcess();
  if (identity.host !== me.host) return null;
  if (identity.bootId !== '' && me.bootId !== '') {
    const [boot, namespace] = identity.bootId.split('/');
    const [ownBoot, ownNamespace] = me.bootId.split('/');
    if (boot !== ownBoot) return false;
    if (namespace !== ownNamespace) return null;
  }
  const stat = readStat(identity.pid);
  // Without /proc, or where it hides other users' processes, a signal still tells whether the pid is taken.
  if (stat === null) return isPidTaken(identity.pid);
  if (ENDED_STATES.has(stat.state)) return false;
  return identity.startTime === '' || stat.startTime === identity.startTime;
}

function readBootId(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
    return `${boot}/${namespace}`;
  } catch {
    return '';
  }
}

function readStat(pid: number): { state: string; startTime: string } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // Field 2 is the program's name in parentheses, and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTime = fields[22 - 3];
  return state === undefined || startTime === undefined ? null : { state, startTime };
}

function isPidTaken(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
