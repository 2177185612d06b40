import Database from 'better-sqlite3';

/** The version of SQLite inside better-sqlite3. @throws where its native part does not load. */
export function sqliteVersion(): string {
  const db = new Database(':memory:');
  try {
    return String(db.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    db.close();
  }
}
