/** GPU time of a sweep, summed as attempts end, so that a budget of it is cheap to look at. */
export const gpuTime = `
-- GPUs that the run had; a share where several trials train on one.
ALTER TABLE attempts ADD COLUMN gpus REAL NOT NULL DEFAULT 0 CHECK (gpus >= 0);
ALTER TABLE tallies ADD COLUMN gpu_ms REAL NOT NULL DEFAULT 0;

CREATE TRIGGER attempts_gpu_time AFTER UPDATE OF outcome ON attempts
WHEN OLD.outcome IS NULL AND NEW.outcome IS NOT NULL AND NEW.gpus > 0
BEGIN
  UPDATE tallies SET gpu_ms = gpu_ms + NEW.gpus * max(0, NEW.finished_at - NEW.started_at)
  WHERE sweep = NEW.sweep;
END;
`;
