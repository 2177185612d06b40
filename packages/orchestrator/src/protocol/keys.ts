/** Names in Redis. All of one fleet start with its prefix, so that several fleets can share a server. */
export interface RedisKeys {
  /** Prefix that BullMQ puts before its own keys. */
  readonly bull: string;
  /** Hash: sweep id → JSON of its `SweepListing`. */
  readonly sweeps: string;
  /** Channel: 'something to fetch' (payload: sweep id), or the listing changed. */
  readonly wake: string;
  /** Stream of worker events, each in a field `e`. */
  readonly events: (sweep: string) => string;
  /** String: the stream's epoch. */
  readonly epoch: (sweep: string) => string;
  /** Hash: `trial:attempt` → the standing `StopOrder`s of that attempt, one JSON text a line. */
  readonly stops: (sweep: string) => string;
  /** Channel: JSON of a `StopOrder`. */
  readonly stopChannel: (sweep: string) => string;
  /** Channel: JSON of `{runId: seq}`. */
  readonly committedChannel: (sweep: string) => string;
}

export const DEFAULT_KEY_PREFIX = 'tfsweep';

/** Every key of one sweep carries the same hash tag, so that a script may touch them together on a cluster. */
export function redisKeys(prefix: string): RedisKeys {
  const of = (sweep: string, what: string): string => `${prefix}:{${sweep}}:${what}`;
  return {
    bull: `${prefix}:bull`,
    sweeps: `${prefix}:sweeps`,
    wake: `${prefix}:wake`,
    events: (sweep) => of(sweep, 'events'),
    epoch: (sweep) => of(sweep, 'epoch'),
    stops: (sweep) => of(sweep, 'stops'),
    stopChannel: (sweep) => of(sweep, 'stop'),
    committedChannel: (sweep) => of(sweep, 'committed'),
  };
}

/** BullMQ's queue of one sweep. The braces keep its keys in one slot of a cluster. */
export function queueName(sweep: string): string {
  return `{${sweep}}`;
}
