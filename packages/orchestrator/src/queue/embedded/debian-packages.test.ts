import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DebianPackagesError, unpackDebianPackages } from './debian-packages.ts';

const isDebian = existsSync('/usr/bin/apt-get') && existsSync('/var/lib/dpkg/status');

describe.skipIf(!isDebian)('packages of the distribution', () => {
  let dir: string;

  /** A package with one file `usr/share/<name>/text`, in a repository below `dir`. @returns its stanza for the index. */
  const build = (name: string, fields: string): string => {
    const root = join(dir, 'build', name);
    mkdirSync(join(root, 'DEBIAN'), { recursive: true });
    mkdirSync(join(root, 'usr/share', name), { recursive: true });
    writeFileSync(join(root, 'usr/share', name, 'text'), `text of ${name}`);
    const control = `Package: ${name}\nVersion: 1.0\nArchitecture: all\nMaintainer: Tests <tests@example.org>\nDescription: test\n${fields}`;
    writeFileSync(join(root, 'DEBIAN/control'), control);
    const file = `${name}_1.0_all.deb`;
    execFileSync('dpkg-deb', ['--build', root, join(dir, 'repository', file)], { stdio: 'ignore' });
    const bytes = readFileSync(join(dir, 'repository', file));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return `${control}Filename: ./${file}\nSize: ${bytes.length}\nSHA256: ${sha256}\n`;
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tfsweep-test-'));
    mkdirSync(join(dir, 'repository'));
    const index = [
      build('tfsweep-test-program', 'Depends: tfsweep-test-library, dpkg\nRecommends: tfsweep-test-extra\n'),
      build('tfsweep-test-library', ''),
      build('tfsweep-test-extra', ''),
    ];
    writeFileSync(join(dir, 'repository', 'Packages'), index.join('\n'));
    writeFileSync(join(dir, 'sources.list'), `deb [trusted=yes] file:${join(dir, 'repository')} ./\n`);
    const settings = [
      `Dir::Etc::sourcelist "${join(dir, 'sources.list')}";`,
      'Dir::Etc::sourceparts "/dev/null";',
      `APT::Update::Post-Invoke { "touch ${join(dir, 'hook-ran')}"; };`,
    ];
    writeFileSync(join(dir, 'apt.conf'), settings.join('\n'));
    vi.stubEnv('APT_CONFIG', join(dir, 'apt.conf'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true });
  });

  it('are unpacked with the dependencies that this machine lacks, and nothing else of the system is done', async () => {
    const into = join(dir, 'tools', 'program');
    const notes: string[] = [];
    await unpackDebianPackages({
      packages: ['tfsweep-test-program'],
      into,
      note: (line) => notes.push(line),
    });
    expect(readdirSync(join(into, 'usr/share')).sort()).toEqual([
      'tfsweep-test-library',
      'tfsweep-test-program',
    ]);
    expect(readFileSync(join(into, 'usr/share/tfsweep-test-program/text'), 'utf8')).toBe(
      'text of tfsweep-test-program',
    );
    expect(readdirSync(join(dir, 'tools'))).toEqual(['program']);
    expect(existsSync(join(dir, 'hook-ran'))).toBe(false);
    expect(notes).toEqual([
      expect.stringContaining('tfsweep-test-program'),
      expect.stringContaining('2 packages'),
    ]);
  });

  it('may be brought by several at once, and are left as they are by those who come later', async () => {
    const into = join(dir, 'tools', 'library');
    const bring = (): Promise<void> =>
      unpackDebianPackages({ packages: ['tfsweep-test-library'], into, note: () => undefined });
    await Promise.all([bring(), bring()]);
    writeFileSync(join(into, 'mine'), '');
    await bring();
    expect(readdirSync(into).sort()).toEqual(['mine', 'usr']);
    expect(readdirSync(join(dir, 'tools'))).toEqual(['library']);
  });

  it('that do not exist are named, and leave nothing', async () => {
    const into = join(dir, 'tools', 'nothing');
    const bringing = unpackDebianPackages({
      packages: ['tfsweep-test-missing'],
      into,
      note: () => undefined,
    });
    await expect(bringing).rejects.toThrow(DebianPackagesError);
    await expect(bringing).rejects.toThrow(/Unable to locate package tfsweep-test-missing/);
    expect(readdirSync(join(dir, 'tools'))).toEqual([]);
  });
});
