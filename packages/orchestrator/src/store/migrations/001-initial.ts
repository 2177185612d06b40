/**
 * Counters and indexes make a sweep's counts, best trial and ranking cheap at any size. The triggers are the state
 * machine: whoever writes, with whatever program, cannot change a finished trial.
 */
export const initial = `
CREATE TABLE sweeps (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'paused', 'complete', 'stopped', 'failed')),
  reason TEXT,
  -- 1: a lower value is better, -1: a higher one.
  direction INTEGER NOT NULL CHECK (direction IN (1, -1)),
  config TEXT NOT NULL CHECK (json_valid(config)),
  source TEXT NOT NULL,
  config_dir TEXT NOT NULL,
  created_at REAL NOT NULL,
  finished_at REAL,
  CHECK ((finished_at IS NULL) = (state IN ('running', 'paused')))
) STRICT;

CREATE TABLE leases (
  sweep INTEGER PRIMARY KEY REFERENCES sweeps (key),
  epoch INTEGER NOT NULL DEFAULT 0,
  -- JSON: host, bootId, pid, startTime; NULL: nobody.
  owner TEXT CHECK (owner IS NULL OR json_valid(owner)),
  heartbeat_at REAL,
  wall_ms REAL NOT NULL DEFAULT 0
) STRICT;

-- Up to where worker events are in this database.
CREATE TABLE streams (
  sweep INTEGER PRIMARY KEY REFERENCES sweeps (key),
  epoch TEXT NOT NULL,
  position TEXT NOT NULL
) STRICT;

CREATE TABLE tallies (
  sweep INTEGER PRIMARY KEY REFERENCES sweeps (key),
  queued INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  paused INTEGER NOT NULL DEFAULT 0,
  complete INTEGER NOT NULL DEFAULT 0,
  pruned INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  stopped INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE backend_uses (
  sweep INTEGER NOT NULL REFERENCES sweeps (key),
  backend TEXT NOT NULL,
  uses INTEGER NOT NULL,
  PRIMARY KEY (sweep, backend)
) STRICT, WITHOUT ROWID;

CREATE TABLE trials (
  id INTEGER PRIMARY KEY,
  sweep INTEGER NOT NULL REFERENCES sweeps (key),
  number INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'running', 'paused', 'complete', 'pruned', 'failed', 'stopped')),
  direction INTEGER NOT NULL,
  params TEXT NOT NULL CHECK (json_valid(params)),
  sampler TEXT NOT NULL,
  value REAL,
  last_value REAL,
  step INTEGER NOT NULL DEFAULT 0,
  metrics TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metrics)),
  reason TEXT,
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  worker TEXT,
  backend TEXT,
  retry_of INTEGER,
  created_at REAL NOT NULL,
  started_at REAL,
  finished_at REAL,
  duration_ms REAL,
  -- The leaderboard's order: class, then key, then tie, then number, all ascending.
  rank_class INTEGER GENERATED ALWAYS AS (
    CASE state WHEN 'complete' THEN 0 WHEN 'pruned' THEN 1 WHEN 'running' THEN 2 WHEN 'queued' THEN 3
      WHEN 'paused' THEN 4 WHEN 'stopped' THEN 5 ELSE 6 END) VIRTUAL,
  rank_key REAL GENERATED ALWAYS AS (
    CASE state WHEN 'complete' THEN direction * value WHEN 'pruned' THEN -step ELSE 0 END) VIRTUAL,
  rank_tie REAL GENERATED ALWAYS AS (
    CASE state WHEN 'pruned' THEN ifnull(direction * last_value, 9e999) ELSE 0 END) VIRTUAL,
  UNIQUE (sweep, number),
  FOREIGN KEY (sweep, retry_of) REFERENCES trials (sweep, number),
  CHECK ((state = 'complete') = (value IS NOT NULL)),
  CHECK ((state IN ('complete', 'pruned', 'failed', 'stopped')) = (finished_at IS NOT NULL))
) STRICT;
CREATE INDEX trials_ranked ON trials (sweep, rank_class, rank_key, rank_tie, number);

CREATE TABLE attempts (
  sweep INTEGER NOT NULL,
  number INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  run_id TEXT,
  last_seq INTEGER NOT NULL DEFAULT 0,
  worker TEXT,
  worker_id TEXT,
  slot INTEGER,
  backend TEXT,
  outcome TEXT CHECK (outcome IN ('complete', 'failed', 'pruned', 'stopped', 'lost', 'returned')),
  reason TEXT,
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  opened_at REAL NOT NULL,
  started_at REAL,
  finished_at REAL,
  PRIMARY KEY (sweep, number, attempt),
  FOREIGN KEY (sweep, number) REFERENCES trials (sweep, number),
  CHECK ((run_id IS NULL) = (started_at IS NULL)),
  CHECK ((outcome IS NULL) = (finished_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
  sweep INTEGER NOT NULL,
  number INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  step INTEGER NOT NULL,
  -- JSON; NaN and the infinities as strings.
  metrics TEXT NOT NULL CHECK (json_valid(metrics)),
  at REAL NOT NULL,
  PRIMARY KEY (sweep, number, attempt, step),
  FOREIGN KEY (sweep, number, attempt) REFERENCES attempts (sweep, number, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  sweep INTEGER NOT NULL,
  number INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  step INTEGER NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (sweep, number, attempt, step),
  FOREIGN KEY (sweep, number, attempt) REFERENCES attempts (sweep, number, attempt)
) STRICT, WITHOUT ROWID;

-- What the study was told, in order. Parameters of an ask are the trial's; a report's NULL value is NaN.
CREATE TABLE history (
  sweep INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ask', 'report', 'tell')),
  number INTEGER NOT NULL,
  step INTEGER,
  value REAL,
  state TEXT,
  PRIMARY KEY (sweep, seq),
  FOREIGN KEY (sweep, number) REFERENCES trials (sweep, number),
  CHECK ((kind = 'report') = (step IS NOT NULL)),
  CHECK ((kind = 'tell') = (state IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sweep INTEGER NOT NULL REFERENCES sweeps (key),
  kind TEXT NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  created_at REAL NOT NULL,
  outcome TEXT
) STRICT;
CREATE INDEX requests_pending ON requests (sweep, id) WHERE outcome IS NULL;

CREATE TRIGGER sweeps_identity BEFORE UPDATE OF key, id, name, direction, source, created_at ON sweeps
BEGIN SELECT RAISE(ABORT, 'the identity of a sweep never changes'); END;

CREATE TRIGGER sweeps_companions AFTER INSERT ON sweeps
BEGIN
  INSERT INTO leases (sweep) VALUES (NEW.key);
  INSERT INTO tallies (sweep) VALUES (NEW.key);
END;

CREATE TRIGGER leases_epoch BEFORE UPDATE OF epoch ON leases WHEN NEW.epoch < OLD.epoch
BEGIN SELECT RAISE(ABORT, 'the epoch of a lease only grows'); END;

CREATE TRIGGER trials_replaced BEFORE INSERT ON trials WHEN EXISTS (SELECT 1 FROM trials WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a trial is never replaced'); END;

CREATE TRIGGER trials_number BEFORE INSERT ON trials
WHEN NEW.number <> (SELECT ifnull(max(number) + 1, 0) FROM trials WHERE sweep = NEW.sweep)
BEGIN SELECT RAISE(ABORT, 'the number of a new trial must be the next one of its sweep'); END;

CREATE TRIGGER trials_born_queued BEFORE INSERT ON trials WHEN NEW.state <> 'queued'
BEGIN SELECT RAISE(ABORT, 'a new trial is queued'); END;

CREATE TRIGGER trials_direction BEFORE INSERT ON trials
WHEN NEW.direction <> (SELECT direction FROM sweeps WHERE key = NEW.sweep)
BEGIN SELECT RAISE(ABORT, 'a trial has the direction of its sweep'); END;

CREATE TRIGGER trials_counted AFTER INSERT ON trials
BEGIN UPDATE tallies SET queued = queued + 1 WHERE sweep = NEW.sweep; END;

CREATE TRIGGER trials_finished BEFORE UPDATE ON trials
WHEN OLD.state IN ('complete', 'pruned', 'failed', 'stopped')
BEGIN SELECT RAISE(ABORT, 'a finished trial never changes'); END;

CREATE TRIGGER trials_identity BEFORE UPDATE OF id, sweep, number, direction, params, sampler, retry_of, created_at ON trials
BEGIN SELECT RAISE(ABORT, 'number and parameters of a trial never change'); END;

CREATE TRIGGER trials_transition BEFORE UPDATE OF state ON trials
WHEN OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN (
  'queued>running', 'queued>stopped',
  'running>queued', 'running>paused', 'running>complete', 'running>pruned', 'running>failed', 'running>stopped',
  'paused>queued', 'paused>pruned'
)
BEGIN SELECT RAISE(ABORT, 'a trial cannot go from its state to that one'); END;

CREATE TRIGGER trials_tallied AFTER UPDATE OF state ON trials WHEN OLD.state <> NEW.state
BEGIN
  UPDATE tallies SET
    queued = queued + (NEW.state = 'queued') - (OLD.state = 'queued'),
    running = running + (NEW.state = 'running') - (OLD.state = 'running'),
    paused = paused + (NEW.state = 'paused') - (OLD.state = 'paused'),
    complete = complete + (NEW.state = 'complete'),
    pruned = pruned + (NEW.state = 'pruned'),
    failed = failed + (NEW.state = 'failed'),
    stopped = stopped + (NEW.state = 'stopped')
  WHERE sweep = NEW.sweep;
END;

CREATE TRIGGER trials_kept BEFORE DELETE ON trials
BEGIN SELECT RAISE(ABORT, 'a trial is never deleted'); END;

CREATE TRIGGER attempts_opened BEFORE INSERT ON attempts
WHEN NEW.run_id IS NOT NULL OR NEW.outcome IS NOT NULL
  OR NEW.attempt <> (SELECT attempts + 1 FROM trials WHERE sweep = NEW.sweep AND number = NEW.number)
  OR EXISTS (
    SELECT 1 FROM attempts
    WHERE sweep = NEW.sweep AND number = NEW.number AND attempt = NEW.attempt - 1 AND outcome IS NULL
  )
BEGIN SELECT RAISE(ABORT, 'an attempt opens after the one before it has ended, with the next index'); END;

CREATE TRIGGER attempts_need_queued BEFORE INSERT ON attempts
WHEN (SELECT state FROM trials WHERE sweep = NEW.sweep AND number = NEW.number) <> 'queued'
BEGIN SELECT RAISE(ABORT, 'only a queued trial gets a new attempt'); END;

CREATE TRIGGER attempts_counted AFTER INSERT ON attempts
BEGIN UPDATE trials SET attempts = NEW.attempt WHERE sweep = NEW.sweep AND number = NEW.number; END;

CREATE TRIGGER attempts_ended BEFORE UPDATE OF
  sweep, number, attempt, run_id, worker, worker_id, slot, backend, outcome, reason, error, opened_at, started_at, finished_at
ON attempts WHEN OLD.outcome IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an attempt that has ended never changes'); END;

CREATE TRIGGER attempts_bound BEFORE UPDATE OF sweep, number, attempt, run_id ON attempts
WHEN OLD.run_id IS NOT NULL AND NEW.run_id IS NOT OLD.run_id
  OR NEW.sweep <> OLD.sweep OR NEW.number <> OLD.number OR NEW.attempt <> OLD.attempt
BEGIN SELECT RAISE(ABORT, 'an attempt stays bound to its run'); END;

CREATE TRIGGER attempts_seq BEFORE UPDATE OF last_seq ON attempts WHEN NEW.last_seq < OLD.last_seq
BEGIN SELECT RAISE(ABORT, 'committed events of a run are never taken back'); END;

CREATE TRIGGER attempts_kept BEFORE DELETE ON attempts
BEGIN SELECT RAISE(ABORT, 'an attempt is never deleted'); END;

CREATE TRIGGER attempts_backend AFTER UPDATE OF run_id ON attempts WHEN OLD.run_id IS NULL
BEGIN
  INSERT INTO backend_uses (sweep, backend, uses) VALUES (NEW.sweep, NEW.backend, 1)
  ON CONFLICT DO UPDATE SET uses = uses + 1;
END;

CREATE TRIGGER history_appended BEFORE INSERT ON history
WHEN NEW.seq <> (SELECT ifnull(max(seq) + 1, 1) FROM history WHERE sweep = NEW.sweep)
BEGIN SELECT RAISE(ABORT, 'history only grows at its end'); END;

CREATE TRIGGER history_unchanged BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'history never changes'); END;

CREATE TRIGGER history_kept BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history never changes'); END;

CREATE TRIGGER requests_settled BEFORE UPDATE ON requests WHEN OLD.outcome IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a settled request never changes'); END;
`;
