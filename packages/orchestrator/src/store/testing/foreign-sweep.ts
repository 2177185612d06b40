import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_NAME } from '../open-database.ts';

/** A copy of the sweep `like`, without trials, under whatever id a store from somebody else may hold. */
export function addForeignSweep(dir: string, like: string, { id, name }: { id: string; name: string }): void {
  const db = new Database(join(dir, DATABASE_NAME));
  db.prepare(
    `INSERT INTO sweeps (id, name, direction, config, source, config_dir, created_at)
     SELECT ?, ?, direction, config, source, config_dir, 0 FROM sweeps WHERE name = ?`,
  ).run(id, name, like);
  db.close();
}
