/**
 * Several metrics, constraints, and what a sweep knows of earlier ones. A complete trial that breaks a constraint ranks
 * behind all that keep them, by how far it does; a sweep of one metric ranks as before.
 */
export const severalMetrics = `
-- The sweep's metrics after reduction, by name; NULL where there is one, whose value is in value.
ALTER TABLE trials ADD COLUMN results TEXT CHECK (results IS NULL OR json_valid(results));
-- How far the constraints are violated in all, 0: feasible.
ALTER TABLE trials ADD COLUMN violation REAL NOT NULL DEFAULT 0 CHECK (violation >= 0);

DROP INDEX trials_ranked;
ALTER TABLE trials DROP COLUMN rank_class;
ALTER TABLE trials DROP COLUMN rank_key;
ALTER TABLE trials DROP COLUMN rank_tie;
ALTER TABLE trials ADD COLUMN rank_class INTEGER GENERATED ALWAYS AS (
  CASE state WHEN 'complete' THEN iif(violation > 0, 1, 0) WHEN 'pruned' THEN 2 WHEN 'running' THEN 3
    WHEN 'queued' THEN 4 WHEN 'paused' THEN 5 WHEN 'stopped' THEN 6 ELSE 7 END) VIRTUAL;
ALTER TABLE trials ADD COLUMN rank_key REAL GENERATED ALWAYS AS (
  CASE state WHEN 'complete' THEN iif(violation > 0, violation, direction * value) WHEN 'pruned' THEN -step
    ELSE 0 END) VIRTUAL;
ALTER TABLE trials ADD COLUMN rank_tie REAL GENERATED ALWAYS AS (
  CASE state WHEN 'complete' THEN iif(violation > 0, direction * value, 0)
    WHEN 'pruned' THEN ifnull(direction * last_value, 9e999) ELSE 0 END) VIRTUAL;
CREATE INDEX trials_ranked ON trials (sweep, rank_class, rank_key, rank_tie, number);

-- Of all the sweep's metrics by name, as reported or told; NULL where there is one, whose value is in value.
ALTER TABLE history ADD COLUMN results TEXT CHECK (results IS NULL OR json_valid(results));

-- Complete trials of earlier sweeps as they were at launch: what becomes of their sweep later changes nothing.
CREATE TABLE transfers (
  sweep INTEGER NOT NULL REFERENCES sweeps (key),
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  -- JSON: [{params, loss}]; infinite losses as strings.
  trials TEXT NOT NULL CHECK (json_valid(trials)),
  PRIMARY KEY (sweep, place)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transfers_unchanged BEFORE UPDATE ON transfers
BEGIN SELECT RAISE(ABORT, 'what a sweep knows of earlier ones never changes'); END;

CREATE TRIGGER transfers_kept BEFORE DELETE ON transfers
BEGIN SELECT RAISE(ABORT, 'what a sweep knows of earlier ones never changes'); END;
`;
