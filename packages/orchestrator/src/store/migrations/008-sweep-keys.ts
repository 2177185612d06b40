/**
 * The key of a deleted sweep is never used again. Leases and caches know sweeps by their key: an orchestrator that slept
 * through the deletion of its sweep would take a later one with its key, and a first lease too, for its own.
 */
export const sweepKeys = `
CREATE TABLE last_sweep_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  key INTEGER NOT NULL
) STRICT;
INSERT INTO last_sweep_key SELECT 1, ifnull(max(key), 0) FROM sweeps;

CREATE TRIGGER sweeps_key AFTER INSERT ON sweeps
BEGIN
  SELECT RAISE(ABORT, 'the key of a sweep is never used again') FROM last_sweep_key WHERE NEW.key <= last_sweep_key.key;
  UPDATE last_sweep_key SET key = NEW.key;
END;
`;
