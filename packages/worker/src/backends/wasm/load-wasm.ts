import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { correctAveragePoolGradient } from '../average-pool-gradient.ts';
import type { Tf } from '../tf.ts';
import { registerConv2dGradients } from './conv2d-gradients.ts';
import { registerCpuFallback } from './cpu-fallback.ts';
import { replaceGather } from './gather-rows.ts';
import type { WasmBackend } from './heap.ts';
import { replaceMaxPoolGradient } from './max-pool-gradient.ts';
import { replaceBatchMatMul } from './transposed-matmul.ts';
import { registerUnsortedSegmentSum } from './unsorted-segment-sum.ts';

const require = createRequire(import.meta.url);
const PACKAGE = '@tensorflow/tfjs-backend-wasm';

/** Starts the wasm backend and completes it with the kernels that training needs. @throws Error when it does not start */
export async function loadWasm(tf: Tf): Promise<{ version: string }> {
  const wasm = require(PACKAGE) as typeof import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${join(dirname(require.resolve(`${PACKAGE}/package.json`)), 'dist')}/`);
  const started = await withoutNewErrorHandlers(() => tf.setBackend('wasm'));
  if (!started || tf.getBackend() !== 'wasm') throw new Error('the wasm backend did not start');
  completeKernels(tf, tf.backend() as unknown as WasmBackend);
  return { version: wasm.version_wasm };
}

/** Emscripten's start-up code makes the process end at any uncaught error: that is for the runner to decide. */
async function withoutNewErrorHandlers<T>(start: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')));
  try {
    return await start();
  } finally {
    events.forEach((event, i) => {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before[i]!.has(listener)) process.removeListener(event, listener);
      }
    });
  }
}

function completeKernels(tf: Tf, backend: WasmBackend): void {
  // tfjs has no such kernel on wasm: where there is one, ours are all in place already.
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm') !== undefined) return;
  registerConv2dGradients(tf, backend);
  registerUnsortedSegmentSum(tf, backend);
  replaceMaxPoolGradient(tf, backend);
  replaceGather(tf, backend);
  replaceBatchMatMul(tf, backend);
  correctAveragePoolGradient(tf, 'wasm');
  registerCpuFallback(tf, backend);
}
