import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { probeBackends } from '../../probe.ts';
import { addonPath, nativePackageFolder } from '../installed-addons.ts';
import { buildNativeAddon } from './build-addon.ts';
import { findLibtensorflow } from './find-libtensorflow.ts';
import { findNodeHeaders } from './find-node-headers.ts';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tfsweep-native-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Empty files of these names. */
function place(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
}

describe('the library in a folder', () => {
  it('is found in an archive for C, in Python’s package and in the folder above it, and linked by its real path', () => {
    place(
      'c/lib/libtensorflow.so.2',
      'c/lib/libtensorflow_framework.so.2',
      'c/include/tensorflow/c/eager/c_api.h',
      'site/tensorflow/libtensorflow_cc.so.2',
      'site/tensorflow/libtensorflow_framework.so.2',
      'site/tensorflow/include/tensorflow/c/eager/c_api.h',
    );
    symlinkSync(join(folder, 'site'), join(folder, 'link'));
    expect(findLibtensorflow(join(folder, 'c'))).toEqual({
      libraries: [
        join(folder, 'c/lib/libtensorflow.so.2'),
        join(folder, 'c/lib/libtensorflow_framework.so.2'),
      ],
      includeDir: join(folder, 'c/include'),
    });
    const inPython = [
      join(folder, 'site/tensorflow/libtensorflow_cc.so.2'),
      join(folder, 'site/tensorflow/libtensorflow_framework.so.2'),
    ];
    for (const given of ['site/tensorflow', 'site', 'link']) {
      expect(findLibtensorflow(join(folder, given)).libraries).toEqual(inPython);
    }
  });

  it('is missed with the folder that was named, and what is missing in it', () => {
    place('bare/libtensorflow_cc.so.2', 'bare/libtensorflow_framework.so.2', 'half/libtensorflow_cc.so.2');
    expect(() => findLibtensorflow(join(folder, 'nowhere'))).toThrow(/no folder .*nowhere.*pip install/s);
    expect(() => findLibtensorflow(join(folder, 'half'))).toThrow(
      /half holds none of .* together with libtensorflow_framework/,
    );
    expect(() => findLibtensorflow(join(folder, 'bare'))).toThrow(
      /no include\/tensorflow\/c\/eager\/c_api\.h/,
    );
  });
});

it('finds Node’s headers where the user says, beside Node, or says where to get them', () => {
  place('node/include/node/node_api.h', 'set/include/node/node_api.h');
  const exec = join(folder, 'node/bin/node');
  expect(findNodeHeaders({}, exec)).toBe(join(folder, 'node/include/node'));
  expect(findNodeHeaders({ npm_config_nodedir: join(folder, 'set') }, exec)).toBe(
    join(folder, 'set/include/node'),
  );
  const elsewhere = ['/usr', '/usr/local'].flatMap((prefix) => [
    join(prefix, 'include/node/node_api.h'),
    join(prefix, 'include/nodejs/src/node_api.h'),
  ]);
  if (elsewhere.some(existsSync)) return;
  expect(() => findNodeHeaders({}, join(folder, 'bare/node'))).toThrow(
    /npm install --no-save node-api-headers/,
  );
});

describe.skipIf(process.platform !== 'linux')('building', () => {
  const packageFolder = nativePackageFolder('@tensorflow/tfjs-node');

  it('keeps the addon that is there when the compiler is missing or fails', ({ skip }) => {
    if (packageFolder === null) skip('@tensorflow/tfjs-node is not installed');
    place(
      'fake/libtensorflow_cc.so.2',
      'fake/libtensorflow_framework.so.2',
      'fake/include/tensorflow/c/eager/c_api.h',
      'fake/node/include/node/node_api.h',
    );
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('npm_config_nodedir', join(folder, 'fake/node'));
    const before = existsSync(addonPath(packageFolder!));
    vi.stubEnv('CXX', 'no-such-compiler');
    expect(() => buildNativeAddon(join(folder, 'fake'))).toThrow(
      /no C\+\+ compiler no-such-compiler.*apt install g\+\+/,
    );
    vi.stubEnv('CXX', '/bin/false');
    expect(() => buildNativeAddon(join(folder, 'fake'))).toThrow(/\/bin\/false could not build the addon/);
    expect(existsSync(addonPath(packageFolder!))).toBe(before);
  });

  it('makes the backend node train, with the library in TFSWEEP_TEST_LIBTENSORFLOW', async ({ skip }) => {
    const library = process.env.TFSWEEP_TEST_LIBTENSORFLOW;
    if (library === undefined) skip('TFSWEEP_TEST_LIBTENSORFLOW names no folder with a libtensorflow');
    const addon = buildNativeAddon(library!);
    expect(addon.path).toBe(addonPath(packageFolder!));
    expect(addon.version).toMatch(/^2\.\d+\.\d+/);
    expect(await probeBackends(['node'])).toEqual([
      { name: 'node', works: true, detail: expect.stringContaining(`libtensorflow ${addon.version}`) },
    ]);
  });
});
