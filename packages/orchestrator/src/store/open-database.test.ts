import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { explainStoreError } from './errors.ts';
import { openStore } from './index.ts';
import { migrations } from './migrations/index.ts';
import { DATABASE_NAME } from './open-database.ts';
import { RawProcess } from './testing/raw-process.ts';
import { openSweep, runTrial, sampleConfig, tempDir } from './testing/sample-sweeps.ts';

const isRoot = process.getuid?.() === 0;

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function open(dir: string, options: Parameters<typeof openStore>[1] = {}): ReturnType<typeof openStore> {
  const store = openStore(dir, options);
  onTestFinished(() => store.close());
  return store;
}

/** A closed store with a hundred trials. */
async function filledStore(): Promise<{ dir: string; file: string; id: string }> {
  const { dir, store, sweep, writer } = await openSweep();
  await writer.transaction((tx) => {
    for (let number = 0; number < 100; number++) runTrial(tx, number);
  });
  await writer.release();
  store.close();
  return { dir, file: join(dir, DATABASE_NAME), id: sweep.id };
}

describe('opening a store', () => {
  it('makes folder and files that only the user may read', async () => {
    const dir = join(tempDir(), 'new', '.tfsweep');
    const store = open(dir, { create: true });
    await store.createSweep({ config: sampleConfig(), source: '', configDir: '' });
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    const files = readdirSync(dir).sort();
    expect(files).toEqual(['tfsweep.db', 'tfsweep.db-shm', 'tfsweep.db-wal']);
    for (const file of files) expect(statSync(join(dir, file)).mode & 0o777, file).toBe(0o600);
  });

  it.each([{}, { readonly: true }, { readonly: true, create: true }])('makes nothing with %o', (options) => {
    const dir = join(tempDir(), '.tfsweep');
    expect(() => openStore(dir, options)).toThrow(
      expect.objectContaining({
        code: 'STORE_EMPTY',
        exitCode: 2,
        message: expect.stringContaining('tfsweep launch'),
      }),
    );
    expect(existsSync(dir)).toBe(false);
  });

  it('brings a database from version 0 to the newest, in WAL mode with full synchronisation', () => {
    const dir = tempDir();
    writeFileSync(join(dir, DATABASE_NAME), '');
    expect(open(dir).sweeps()).toEqual([]);
    const raw = new Database(join(dir, DATABASE_NAME));
    expect(raw.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(raw.pragma('journal_mode', { simple: true })).toBe('wal');
    const loose = raw.prepare(
      "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'",
    );
    expect(loose.all()).toEqual([]);
    raw.close();
  });

  it('migrates for a reader too, and lets the reader write nothing', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, DATABASE_NAME), '');
    const reader = open(dir, { readonly: true });
    expect(reader.sweeps()).toEqual([]);
    const created = reader.createSweep({ config: sampleConfig(), source: '', configDir: '' });
    await expect(created).rejects.toMatchObject({ code: 'STORE_READONLY' });
  });

  it('shows a reader what a writer commits', async () => {
    const { dir, writer } = await openSweep();
    const reader = open(dir, { readonly: true });
    const version = reader.dataVersion();
    expect(reader.dataVersion()).toBe(version);
    await writer.transaction((tx) => runTrial(tx, 0));
    expect(reader.dataVersion()).not.toBe(version);
    expect(reader.sweep()?.counts.complete).toBe(1);
  });

  it('opens a new database that another process is making at the same moment', async () => {
    const dir = tempDir();
    const file = join(dir, DATABASE_NAME);
    const other = await RawProcess.start(file);
    expect(await other.exec('BEGIN EXCLUSIVE')).toBe('ok');
    // The answers come later; the lock is held until all of it is carried out.
    const steps = [migrations[0]!, 'PRAGMA application_id = 0x74667377', 'PRAGMA user_version = 1', 'COMMIT'];
    const answers = steps.map((sql) => other.exec(sql));
    const store = open(dir, { create: true });
    expect(await Promise.all(answers)).toEqual(['ok', 'ok', 'ok', 'ok']);
    const sweep = await store.createSweep({ config: sampleConfig(), source: '', configDir: '' });
    expect(open(dir).sweep()?.id).toBe(sweep.id);
  });

  it('refuses the database of a newer version, and leaves it as it is', async () => {
    const { dir, file } = await filledStore();
    const raw = new Database(file);
    raw.pragma(`user_version = ${migrations.length + 1}`);
    raw.close();
    const before = hashOf(file);
    for (const options of [{ create: true }, { readonly: true }, {}]) {
      expect(() => openStore(dir, options)).toThrow(
        expect.objectContaining({
          code: 'STORE_NEWER',
          message: expect.stringMatching(/written by a newer tfsweep.*Upgrade/s),
        }),
      );
    }
    expect(hashOf(file)).toBe(before);
  });

  it('refuses a file that is no database, and another program’s database', () => {
    const dir = tempDir();
    const file = join(dir, DATABASE_NAME);
    writeFileSync(file, 'my diary, which happens to have this name. '.repeat(200));
    const before = hashOf(file);
    expect(() => openStore(dir, { create: true })).toThrow(
      expect.objectContaining({ code: 'STORE_FOREIGN' }),
    );
    expect(hashOf(file)).toBe(before);

    const other = tempDir();
    const raw = new Database(join(other, DATABASE_NAME));
    raw.exec('CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES (1)');
    raw.close();
    expect(() => openStore(other, { create: true })).toThrow(
      expect.objectContaining({ code: 'STORE_FOREIGN' }),
    );
  });

  it('says that a database is damaged, and changes nothing in it', async () => {
    const { dir, file, id } = await filledStore();
    const pages = Math.floor(statSync(file).size / 4096);
    const handle = openSync(file, 'r+');
    for (let page = 2; page < pages; page++)
      writeSync(handle, Buffer.alloc(4096, 0xab), 0, 4096, page * 4096);
    const before = hashOf(file);
    expect(() => open(dir).trials(id)).toThrow(
      expect.objectContaining({ code: 'STORE_DAMAGED', message: expect.stringContaining('.recover') }),
    );
    expect(hashOf(file)).toBe(before);
  });

  it('says that a database is damaged when its end is missing', async () => {
    const { dir, file, id } = await filledStore();
    truncateSync(file, 8192);
    expect(() => open(dir).trials(id)).toThrow(expect.objectContaining({ code: 'STORE_DAMAGED' }));
  });

  it('says which folder cannot be used', () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'file'), '');
    mkdirSync(join(dir, 'taken', DATABASE_NAME), { recursive: true });
    for (const folder of [join(dir, 'file'), join(dir, 'file', '.tfsweep'), join(dir, 'taken')]) {
      expect(() => openStore(folder, { create: true }), folder).toThrow(
        expect.objectContaining({ code: 'STORE_UNREACHABLE', message: expect.stringContaining(folder) }),
      );
    }
  });

  it.skipIf(isRoot)('says that a folder or a database cannot be written', async () => {
    const { dir, file } = await filledStore();
    chmodSync(file, 0o400);
    const store = (): unknown => open(dir).createSweep({ config: sampleConfig(), source: '', configDir: '' });
    await expect((async () => store())()).rejects.toMatchObject({ code: 'STORE_READONLY' });
    const locked = tempDir();
    chmodSync(locked, 0o500);
    expect(() => openStore(join(locked, '.tfsweep'), { create: true })).toThrow(
      expect.objectContaining({ code: 'STORE_UNREACHABLE' }),
    );
  });

  it('explains a full disk', async () => {
    const { file } = await filledStore();
    const raw = new Database(file);
    onTestFinished(() => void raw.close());
    raw.pragma(`max_page_count = ${raw.pragma('page_count', { simple: true })}`);
    let thrown: unknown;
    try {
      raw.exec("INSERT INTO streams SELECT key, hex(zeroblob(1000000)), '' FROM sweeps");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'SQLITE_FULL' });
    expect(explainStoreError(thrown, file)).toMatchObject({
      code: 'STORE_FULL',
      message: expect.stringContaining('What was committed is safe'),
      cause: thrown,
    });
  });

  it('refuses work after it was closed', async () => {
    const { store, sweep, writer } = await openSweep();
    store.close();
    store.close();
    expect(() => store.sweeps()).toThrow(expect.objectContaining({ code: 'STORE_CLOSED' }));
    await expect(writer.transaction(() => 1)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(store.claim(sweep.id)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});
