import { fork } from 'node:child_process';
import type { BackendProbe } from '@tfsweep/orchestrator/protocol';
import { builtFile } from './built-file.ts';
import { BACKEND_NAMES } from './names.ts';

/** A first start of CUDA takes many seconds; more than this and no sweep could use it. */
const TIMEOUT_MS = 60_000;

/**
 * Trains a step on every backend of the chain, each in a process of its own (a broken native library may take its
 * process with it). TensorFlow.js is not loaded into the calling process.
 */
export async function probeBackends(
  names: readonly string[] = BACKEND_NAMES,
): Promise<readonly BackendProbe[]> {
  const probes: BackendProbe[] = [];
  // One after the other: on a small machine four starts at once would look like a hang.
  for (const name of names) probes.push(await probeBackend(name, TIMEOUT_MS));
  return probes;
}

function probeBackend(name: string, timeoutMs: number): Promise<BackendProbe> {
  return new Promise((resolve) => {
    const child = fork(builtFile(import.meta.url, './probe-child.js'), [name], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    let answer: BackendProbe | null = null;
    const timer = setTimeout(() => {
      answer ??= { name, works: false, detail: `It did not answer within ${timeoutMs / 1000} seconds.` };
      child.kill('SIGKILL');
    }, timeoutMs);
    const end = (detail: string): void => {
      clearTimeout(timer);
      resolve(answer ?? { name, works: false, detail });
    };
    child.on('message', (message) => {
      const { works, detail } = message as { works: boolean; detail: string };
      answer = { name, works, detail };
    });
    child.once('error', (error) => end(`Its process could not be started: ${error.message}.`));
    child.once('exit', (code, signal) => end(`Its process ended with ${signal ?? `code ${code}`}.`));
  });
}
