import { beforeEach } from 'vitest';
import { type BackendName, isBackendName } from '../names.ts';
import { chooseAddon } from '../native/installed-addons.ts';

/**
 * `TFSWEEP_TEST_BACKEND` names the backend that tests of training run on; without it each has its usual one. Importing
 * this skips the tests of a file where the backend needs a native addon that is not there.
 */
const wanted = process.env.TFSWEEP_TEST_BACKEND ?? '';
if (wanted !== '' && !isBackendName(wanted)) throw new Error(`TFSWEEP_TEST_BACKEND=${wanted} is no backend`);
const missing = wanted === 'node' || wanted === 'node-gpu' ? whyNoAddon() : null;

beforeEach(({ skip }) => {
  if (missing !== null) skip(`TFSWEEP_TEST_BACKEND=${wanted}: ${missing} See docs/gpu.md.`);
});

export function testBackend<Usual extends BackendName | null>(usual: Usual): BackendName | Usual {
  return isBackendName(wanted) && missing === null ? wanted : usual;
}

function whyNoAddon(): string | null {
  try {
    chooseAddon(['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu']);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
