/** Nothing of a sweep is ever deleted but the whole of it, in the transaction that marks it. */
export const deletedSweeps = `
ALTER TABLE sweeps ADD COLUMN deleting INTEGER NOT NULL DEFAULT 0 CHECK (deleting IN (0, 1));

DROP TRIGGER trials_kept;
CREATE TRIGGER trials_kept BEFORE DELETE ON trials
WHEN NOT (SELECT deleting FROM sweeps WHERE key = OLD.sweep)
BEGIN SELECT RAISE(ABORT, 'a trial is never deleted'); END;

DROP TRIGGER attempts_kept;
CREATE TRIGGER attempts_kept BEFORE DELETE ON attempts
WHEN NOT (SELECT deleting FROM sweeps WHERE key = OLD.sweep)
BEGIN SELECT RAISE(ABORT, 'an attempt is never deleted'); END;

DROP TRIGGER history_kept;
CREATE TRIGGER history_kept BEFORE DELETE ON history
WHEN NOT (SELECT deleting FROM sweeps WHERE key = OLD.sweep)
BEGIN SELECT RAISE(ABORT, 'history never changes'); END;

DROP TRIGGER transfers_kept;
CREATE TRIGGER transfers_kept BEFORE DELETE ON transfers
WHEN NOT (SELECT deleting FROM sweeps WHERE key = OLD.sweep)
BEGIN SELECT RAISE(ABORT, 'what a sweep knows of earlier ones never changes'); END;
`;
