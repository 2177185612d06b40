import type { WorkerModule } from '@tfsweep/orchestrator/protocol';

export { listGpus } from '../devices/index.ts';
export { createRedisWorkerLink } from '../link/redis-worker-link.ts';
export { startAgent } from './start-agent.ts';

// These load tfjs, which has no business in a process that only wants an agent.

export const probeBackends: WorkerModule['probeBackends'] = async (names) => {
  const { probeBackends: probe } = await import('../backends/probe.ts');
  return probe(names);
};

export const buildNativeAddon: WorkerModule['buildNativeAddon'] = async (libtensorflow) => {
  const { buildNativeAddon: build } = await import('../backends/native/build/build-addon.ts');
  return build(libtensorflow);
};

export const tryTrial: WorkerModule['tryTrial'] = async (options) => {
  const { tryTrial: run } = await import('../runner/try-trial.ts');
  return run(options);
};
