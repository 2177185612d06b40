/** Who has worked for a sweep, and which of them are to get no more of it. */
export const workers = `
CREATE TABLE workers (
  sweep INTEGER NOT NULL REFERENCES sweeps (key),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  slots INTEGER NOT NULL,
  -- JSON: names.
  gpus TEXT NOT NULL CHECK (json_valid(gpus)),
  backend TEXT NOT NULL,
  first_seen_at REAL NOT NULL,
  last_seen_at REAL NOT NULL,
  -- It says that it takes nothing new.
  draining INTEGER NOT NULL DEFAULT 0,
  -- It was asked to finish what it has and to leave.
  drain_asked INTEGER NOT NULL DEFAULT 0,
  -- Why it gets no more trials of this sweep; NULL: it gets them.
  quarantine TEXT,
  PRIMARY KEY (sweep, id)
) STRICT, WITHOUT ROWID;
`;
