import { isAlive, thisProcess } from '../process-identity.ts';
import type { Connection } from './connection.ts';
import { LeaseHeldError } from './errors.ts';
import { decodeOwner } from './rows.ts';
import type { LeaseOwner } from './types.ts';

/** How long an owner on another host, whose process cannot be looked at, is believed to live after its last heartbeat. */
export const FOREIGN_LEASE_MS = 60_000;

/** Whether the process that holds a lease still has to be reckoned with. */
export function isOwnerAlive(owner: LeaseOwner, now: number = Date.now()): boolean {
  return isAlive(owner) ?? now - owner.heartbeatAt <= FOREIGN_LEASE_MS;
}

/** Inside a write transaction. @returns the new epoch. @throws LeaseHeldError */
export function takeLease(db: Connection, key: number, name: string): number {
  const lease = db.sql('SELECT epoch, owner, heartbeat_at FROM leases WHERE sweep = ?').get(key);
  const owner = decodeOwner(
    (lease?.owner ?? null) as string | null,
    (lease?.heartbeat_at ?? null) as number | null,
  );
  if (owner !== null && isOwnerAlive(owner)) {
    const isHere = isAlive(owner) === true;
    throw new LeaseHeldError(
      name,
      owner,
      isHere
        ? `Wait until it has ended, or end it with \`tfsweep stop ${name}\`.`
        : `If that machine is gone, try again ${FOREIGN_LEASE_MS / 1000} s after its last sign of life.`,
    );
  }
  const epoch = ((lease?.epoch ?? 0) as number) + 1;
  const { host, bootId, pid, startTime } = thisProcess();
  db.sql('UPDATE leases SET epoch = ?, owner = ?, heartbeat_at = ? WHERE sweep = ?').run(
    epoch,
    JSON.stringify({ host, bootId, pid, startTime }),
    Date.now(),
    key,
  );
  return epoch;
}

/** Does nothing where somebody else holds it by now. The epoch grows, so that the one who gives back is fenced too. */
export function giveLeaseBack(db: Connection, key: number, epoch: number, wallMs: number): void {
  db.sql(
    `UPDATE leases SET epoch = epoch + 1, owner = NULL, heartbeat_at = NULL, wall_ms = wall_ms + ?
     WHERE sweep = ? AND epoch = ?`,
  ).run(wallMs, key, epoch);
}
