import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { NativeBuildError } from './errors.ts';

export interface Libtensorflow {
  /** What the addon is linked with, absolute paths: the C API first. */
  readonly libraries: readonly string[];
  readonly includeDir: string;
}

/** The C API's library in TensorFlow's archive for C, and in its Python package. */
const C_API_NAMES = ['libtensorflow.so.2', 'libtensorflow.so', 'libtensorflow_cc.so.2'];
const FRAMEWORK_NAMES = ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'];
const C_API_HEADER = join('tensorflow', 'c', 'eager', 'c_api.h');

/**
 * The library and its headers in `folder`: an unpacked archive (`lib/`, `include/`), Python's package `tensorflow`, or
 * the site-packages that hold it.
 * @throws NativeBuildError LIBTENSORFLOW_NOT_FOUND, with what was looked for
 */
export function findLibtensorflow(folder: string): Libtensorflow {
  const root = resolve(folder);
  if (!existsSync(root)) {
    throw new NativeBuildError('LIBTENSORFLOW_NOT_FOUND', `There is no folder ${root}.\n${HOW_TO_GET_ONE}`);
  }
  for (const libDir of [root, join(root, 'lib'), join(root, 'tensorflow')]) {
    const cApi = firstIn(libDir, C_API_NAMES);
    const framework = firstIn(libDir, FRAMEWORK_NAMES);
    if (cApi === null || framework === null) continue;
    for (const includeDir of [join(libDir, 'include'), join(dirname(libDir), 'include')]) {
      if (!existsSync(join(includeDir, C_API_HEADER))) continue;
      return {
        libraries: [realpathSync(libDir)].flatMap((dir) => [join(dir, cApi), join(dir, framework)]),
        includeDir,
      };
    }
    throw new NativeBuildError(
      'LIBTENSORFLOW_NOT_FOUND',
      `${join(libDir, cApi)} is there, and no include/${C_API_HEADER} beside it or above: take a folder that has both.`,
    );
  }
  throw new NativeBuildError(
    'LIBTENSORFLOW_NOT_FOUND',
    `${root} holds none of ${C_API_NAMES.join(', ')} together with ${FRAMEWORK_NAMES[0]}, and neither do its folders lib ` +
      `and tensorflow.\n${HOW_TO_GET_ONE}`,
  );
}

const HOW_TO_GET_ONE =
  'Python’s package brings one: `python3 -m venv tf && tf/bin/pip install tensorflow-cpu`, then ' +
  '`--libtensorflow tf/lib/python3*/site-packages/tensorflow`. It has to be 2.12 or newer, or TensorFlow’s archive for C.';

function firstIn(folder: string, names: readonly string[]): string | null {
  return names.find((name) => existsSync(join(folder, name))) ?? null;
}
