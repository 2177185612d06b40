/**
 * How long a run was seen to run, by the orchestrator's clock alone: `started_at` and `finished_at` are of whoever wrote
 * them, a worker's clock or the orchestrator's, and an attempt may be ended long after its run.
 */
export const runTime = `
ALTER TABLE attempts ADD COLUMN ran_ms REAL NOT NULL DEFAULT 0 CHECK (ran_ms >= 0);
-- The last sign of life, to a few seconds; NULL until the attempt is bound to a run.
ALTER TABLE attempts ADD COLUMN seen_at REAL;

-- What is not over was seen when its newest report came.
UPDATE attempts SET seen_at = coalesce(finished_at, (
  SELECT max(at) FROM reports
  WHERE reports.sweep = attempts.sweep AND reports.number = attempts.number AND reports.attempt = attempts.attempt
), started_at) WHERE started_at IS NOT NULL;
UPDATE attempts SET ran_ms = max(0, seen_at - started_at) WHERE started_at IS NOT NULL;

DROP TRIGGER attempts_gpu_time;
CREATE TRIGGER attempts_gpu_time AFTER UPDATE OF outcome ON attempts
WHEN OLD.outcome IS NULL AND NEW.outcome IS NOT NULL AND NEW.gpus > 0
BEGIN
  UPDATE tallies SET gpu_ms = gpu_ms + NEW.gpus * NEW.ran_ms WHERE sweep = NEW.sweep;
END;

DROP TRIGGER attempts_ended;
CREATE TRIGGER attempts_ended BEFORE UPDATE OF
  sweep, number, attempt, run_id, worker, worker_id, slot, backend, gpus, outcome, reason, error, opened_at, started_at,
  finished_at, ran_ms, seen_at
ON attempts WHEN OLD.outcome IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an attempt that has ended never changes'); END;
`;
