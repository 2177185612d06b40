import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NativeAddon } from '@tfsweep/orchestrator/protocol';
import {
  type AddonRecord,
  addonPath,
  NODE_API_VERSION,
  nativePackageFolder,
  recordPath,
} from '../installed-addons.ts';
import { NativeBuildError } from './errors.ts';
import { findLibtensorflow, type Libtensorflow } from './find-libtensorflow.ts';
import { findNodeHeaders } from './find-node-headers.ts';

const PACKAGE = '@tensorflow/tfjs-node';
const COMPILE_TIMEOUT_MS = 300_000;
/** With CUDA, libtensorflow is gigabytes that a cold disk has to read. */
const LOAD_TIMEOUT_MS = 120_000;
const SHOWN_LINES = 12;

/** Says what the library is, in a process of its own: a broken one may take its process with it. */
const LOADER =
  'const b = require(process.argv[1]); process.stdout.write(JSON.stringify({version: b.TF_Version, usesGpu: b.isUsingGpuDevice()}))';

/**
 * Compiles tfjs-node's addon against the libtensorflow in `folder`, and puts it where tfjs-node looks for it. An addon
 * that was there before is replaced only by one that loads.
 * @throws NativeBuildError
 */
export function buildNativeAddon(folder: string): NativeAddon {
  if (process.platform !== 'linux') {
    throw new NativeBuildError(
      'NATIVE_PLATFORM',
      `Building the addon is made for Linux; this is ${process.platform}. tfjs-node’s own installer serves here: ` +
        `npm install ${PACKAGE}@4.22.0`,
    );
  }
  const library = findLibtensorflow(folder);
  const packageFolder = nativePackageFolder(PACKAGE);
  if (packageFolder === null) {
    throw new NativeBuildError(
      'TFJS_NODE_NOT_FOUND',
      `${PACKAGE} is not installed: npm takes it away when its download fails. Get its sources alone: ` +
        `npm install --ignore-scripts ${PACKAGE}@4.22.0`,
    );
  }
  const target = addonPath(packageFolder);
  const draft = join(dirname(target), `draft-${process.pid}.node`);
  mkdirSync(dirname(target), { recursive: true });
  try {
    compile(packageFolder, library, draft);
    const { version, usesGpu } = load(draft);
    const record: AddonRecord = { libtensorflow: library.libraries[0]!, version };
    renameSync(draft, target);
    writeFileSync(recordPath(target), `${JSON.stringify(record)}\n`);
    return { path: target, libtensorflow: record.libtensorflow, version, usesGpu };
  } finally {
    rmSync(draft, { force: true });
  }
}

function compile(packageFolder: string, library: Libtensorflow, output: string): void {
  const compiler = process.env.CXX || 'c++';
  const args = [
    '-shared',
    '-fPIC',
    '-O2',
    '-std=c++17',
    `-DNAPI_VERSION=${NODE_API_VERSION}`,
    ...[findNodeHeaders(), library.includeDir].flatMap((dir) => ['-isystem', dir]),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(packageFolder, 'binding', name)),
    ...library.libraries,
    ...['-rpath', dirname(library.libraries[0]!)].flatMap((word) => ['-Xlinker', word]),
    '-o',
    output,
  ];
  const { status, stderr, error } = spawnSync(compiler, args, {
    encoding: 'utf8',
    timeout: COMPILE_TIMEOUT_MS,
  });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') {
    throw new NativeBuildError(
      'COMPILER_NOT_FOUND',
      `There is no C++ compiler ${compiler} on the PATH: apt install g++ (Debian, Ubuntu), or name one in CXX.`,
      error,
    );
  }
  if (error !== undefined || status !== 0) {
    const said = stderr.trim().split('\n').slice(0, SHOWN_LINES).join('\n');
    throw new NativeBuildError(
      'COMPILE_FAILED',
      `${compiler} could not build the addon: ${error?.message ?? ''}\n${said}`,
    );
  }
}

function load(addon: string): { version: string; usesGpu: boolean } {
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, ['-e', LOADER, addon], {
    encoding: 'utf8',
    timeout: LOAD_TIMEOUT_MS,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '1', TF_FORCE_GPU_ALLOW_GROWTH: 'true' },
  });
  if (status === 0) return JSON.parse(stdout) as { version: string; usesGpu: boolean };
  const reason =
    /^\w*Error: .*/m.exec(stderr)?.[0] ?? stderr.trim().split('\n').slice(-SHOWN_LINES).join('\n');
  throw new NativeBuildError(
    'ADDON_DOES_NOT_LOAD',
    `The addon was built and does not load, so what was there before stays: ${reason || signal || error?.message || ''}`,
  );
}
