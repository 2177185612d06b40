import { randomBytes } from 'node:crypto';
import { thisProcess, type WorkerInfo } from '@tfsweep/orchestrator/protocol';
import type { SlotPlan } from '../devices/index.ts';

/** What this agent tells of itself; its backend is known once a runner has started. */
export function workerIdentity(name: string | null, plan: readonly SlotPlan[]): Omit<WorkerInfo, 'backend'> {
  const { host, bootId, pid, startTime } = thisProcess();
  const gpus = new Map(plan.flatMap(({ gpu }) => (gpu ? [[gpu.index, gpu.name]] : [])));
  return {
    id: `${host.slice(0, 150)}-${pid}-${randomBytes(6).toString('hex')}`,
    name: name?.trim().slice(0, 200) || `${host.slice(0, 150)}:${pid}`,
    host: host.slice(0, 200),
    bootId,
    pid,
    startTime,
    slots: plan.length,
    gpus: [...gpus].map(([index, gpuName]) => ({ index, name: gpuName })),
  };
}
