import { BACKEND_VARIABLE } from '../runner/messages.ts';
import type { SlotPlan } from './slot-plan.ts';

/** A trainer is code of the user's, or of what it imports: it has no business with the fleet's keys. */
const SECRET = /^TFSWEEP_(SECRET|REDIS)/;

/** The environment of a slot's runner: `own` without secrets, and the slot's GPU or share of the cores alone in sight. */
export function runnerEnvironment(
  own: Readonly<NodeJS.ProcessEnv>,
  slot: SlotPlan,
  backend: string | null,
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...own };
  for (const name of Object.keys(env)) if (SECRET.test(name)) delete env[name];
  delete env[BACKEND_VARIABLE];
  if (backend !== null) env[BACKEND_VARIABLE] = backend;
  // TensorFlow would otherwise see every GPU, and take all the memory of each.
  env.CUDA_VISIBLE_DEVICES = slot.gpu === null ? '' : String(slot.gpu.index);
  env.CUDA_DEVICE_ORDER = 'PCI_BUS_ID';
  env.TF_FORCE_GPU_ALLOW_GROWTH = 'true';
  if (slot.threads !== null) env.TF_NUM_INTRAOP_THREADS ??= String(slot.threads);
  return env;
}
