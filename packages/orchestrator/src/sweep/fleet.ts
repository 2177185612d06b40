import { hostname } from 'node:os';
import { isAlive } from '../process-identity.ts';
import type { Heartbeat, WorkerInfo } from '../protocol/events.ts';

/** Without a heartbeat for this long a worker counts as dead: on this host, and across hosts. */
export interface LeaseTimes {
  readonly sameHostMs: number;
  readonly otherHostMs: number;
}
export const DEFAULT_LEASES: LeaseTimes = { sameHostMs: 10_000, otherHostMs: 60_000 };

interface Member {
  info: WorkerInfo;
  seenAt: number;
  draining: boolean;
}

/** A run that the loop believes to be under way. */
export interface OpenRun {
  readonly number: number;
  readonly attempt: number;
  readonly runId: string;
  readonly workerId: string;
}

/**
 * Who works for this sweep, by their heartbeats. Times are the loop's own monotonic milliseconds: clocks of other
 * hosts never decide a loss.
 */
export class Fleet {
  readonly #leases: LeaseTimes;
  readonly #members = new Map<string, Member>();
  /** Run id → when a heartbeat last named it. */
  readonly #runs = new Map<string, number>();
  readonly #greeted = new Set<string>();
  readonly #refusals: string[] = [];
  /** Worker id → why it gets no more trials of this sweep. */
  readonly #keptOff = new Map<string, string>();

  constructor(leases: LeaseTimes = DEFAULT_LEASES) {
    this.#leases = leases;
  }

  heartbeat(event: Heartbeat, now: number): void {
    this.#greeted.add(event.worker.id);
    this.#members.set(event.worker.id, { info: event.worker, seenAt: now, draining: event.draining });
    for (const run of event.runs) this.#runs.set(run, now);
  }

  /** A run that has just said something is alive, whatever the last heartbeat said. */
  touch(runId: string, now: number): void {
    this.#runs.set(runId, now);
  }

  forget(runId: string): void {
    this.#runs.delete(runId);
  }

  /** A worker refuses a sweep once, and then takes no more of it. */
  refused(reason: string): void {
    this.#refusals.push(reason);
  }

  /** Whether the worker was heard in this life: those of an earlier one died with their orchestrator, not of a trial. */
  hasGreeted(workerId: string | null): boolean {
    return workerId !== null && this.#greeted.has(workerId);
  }

  /** After Redis was away nobody could be heard: everyone gets a new lease. */
  renewAll(now: number): void {
    for (const member of this.#members.values()) member.seenAt = now;
    for (const run of this.#runs.keys()) this.#runs.set(run, now);
  }

  /** Workers that are alive as far as is known. */
  workers(now: number): readonly WorkerInfo[] {
    const alive: WorkerInfo[] = [];
    for (const [id, member] of this.#members) {
      if (this.#memberIsDead(member, now)) this.#members.delete(id);
      else alive.push(member.info);
    }
    return alive;
  }

  /** Slots that may still take work of this sweep. */
  slots(now: number): number {
    return this.workers(now).reduce((sum, { id, slots }) => sum + (this.takesWork(id) ? slots : 0), 0);
  }

  info(id: string): WorkerInfo | undefined {
    return this.#members.get(id)?.info;
  }

  isDraining(id: string): boolean {
    return this.#members.get(id)?.draining === true;
  }

  isKeptOff(id: string): boolean {
    return this.#keptOff.has(id);
  }

  takesWork(id: string): boolean {
    return this.#members.has(id) && !this.isDraining(id) && !this.isKeptOff(id);
  }

  keepOff(id: string, reason: string): void {
    this.#keptOff.set(id, reason);
  }

  release(id: string): void {
    this.#keptOff.delete(id);
  }

  /** Why nobody serves this sweep although workers are there; null while somebody may. */
  everybodyRefuses(now: number): string | null {
    const workers = this.workers(now);
    const reasons = [...this.#refusals, ...workers.flatMap(({ id }) => this.#keptOff.get(id) ?? [])];
    return workers.length > 0 && reasons.length >= workers.length ? reasons.at(-1)! : null;
  }

  /**
   * Why a run counts as lost, or null. Ask only when the event stream is read to its end: a heartbeat that is still
   * unread is none yet.
   */
  lossOf(run: OpenRun, now: number): string | null {
    const member = this.#members.get(run.workerId);
    if (member && isAlive(member.info) === false) return `worker ${member.info.name} died`;
    if (!member && isGoneFromThisHost(run.workerId)) return 'its worker died';
    let seen = this.#runs.get(run.runId);
    if (seen === undefined) {
      // Bound in an earlier life of the orchestrator: its worker gets a full lease to show up.
      seen = now;
      this.#runs.set(run.runId, now);
    }
    const lease =
      member && member.info.host !== hostname() ? this.#leases.otherHostMs : this.#leases.sameHostMs;
    return now - seen > lease ? `no heartbeat for ${Math.round(lease / 1000)} s` : null;
  }

  #memberIsDead(member: Member, now: number): boolean {
    if (isAlive(member.info) === false) return true;
    const lease = member.info.host === hostname() ? this.#leases.sameHostMs : this.#leases.otherHostMs;
    return now - member.seenAt > lease;
  }
}

/** Worker ids are `host-pid-random`: a run of a worker that never greeted this loop can still be seen to be dead. */
export function isGoneFromThisHost(workerId: string): boolean {
  const match = /^(.*)-(\d+)-[^-]+$/.exec(workerId);
  if (match?.[1] !== hostname()) return false;
  try {
    process.kill(Number(match[2]), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
