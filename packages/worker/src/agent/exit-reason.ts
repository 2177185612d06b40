import { readFileSync } from 'node:fs';
import type { TrialError } from '@tfsweep/orchestrator/protocol';

/** How a runner ended. */
export interface RunnerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to standard error. */
  readonly stderr: string;
}

const OUT_OF_MEMORY =
  /heap out of memory|std::bad_alloc|Array buffer allocation failed|Cannot allocate memory/;

/** What a trial failed of whose runner ended by itself. */
export function exitError(exit: RunnerExit, oomWatch: OomWatch): TrialError {
  const ending = describeExit(exit);
  const tail = lastLines(exit.stderr);
  const details = tail === '' ? '' : `\n${tail}`;
  if (OUT_OF_MEMORY.test(exit.stderr)) {
    return {
      kind: 'memory',
      message: `The trial ran out of memory: its process ended with ${ending}.${details}`,
    };
  }
  if (exit.signal === 'SIGKILL' && oomWatch.claim()) {
    return { kind: 'memory', message: `The kernel killed the trial's process for lack of memory.${details}` };
  }
  const hint = exit.code === 0 ? ' Does the trainer call process.exit()?' : '';
  return {
    kind: 'crash',
    message: `The trial's process ended by itself in mid-trial, with ${ending}.${hint}${details}`,
  };
}

export function describeExit(exit: RunnerExit): string {
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : exit.signal;
}

/** V8's garbage collections and native stack: many lines that tell a trainer's author nothing. */
const NOISE = /^\s*\d+: 0x|^-+ .*stack trace -+$|^<--- |^\[\d+:0x/;

export function lastLines(text: string, count = 12): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !NOISE.test(line));
  return lines.slice(-count).join('\n');
}

/**
 * Tells a SIGKILL of the kernel's OOM killer from any other by the host's count of OOM kills. `look` at every heartbeat
 * keeps short the time in which somebody else's kill could be taken for ours.
 */
export class OomWatch {
  #seen = oomKills();

  look(): void {
    this.#seen = oomKills();
  }

  /** @returns whether there was an OOM kill that nobody has claimed yet. */
  claim(): boolean {
    if (oomKills() <= this.#seen) return false;
    this.#seen += 1;
    return true;
  }
}

function oomKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
