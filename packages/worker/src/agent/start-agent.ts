import { existsSync } from 'node:fs';
import { type Agent, type AgentOptions, TfsweepError } from '@tfsweep/orchestrator/protocol';
import { claimGpus } from '../devices/claim-gpus.ts';
import { planSlots } from '../devices/index.ts';
import { type AgentSettings, DEFAULT_SETTINGS } from './agent-settings.ts';
import { parentBond } from './parent-bond.ts';
import { WorkerAgent } from './worker-agent.ts';

/**
 * Connects, takes this host's GPUs and starts a runner per slot.
 * @throws TfsweepError where GPUs, slots or the build are not there, and what the link throws where no server answers.
 */
export function startAgent(options: AgentOptions): Promise<Agent> {
  return startAgentWith(options, DEFAULT_SETTINGS);
}

export async function startAgentWith(options: AgentOptions, settings: AgentSettings): Promise<Agent> {
  if (!existsSync(settings.runnerEntry)) {
    throw new TfsweepError(
      'NOT_BUILT',
      `There is no runner at ${settings.runnerEntry}. Build the packages first: pnpm build.`,
    );
  }
  const claim = await claimGpus(options.gpus, process.env, settings.lockFolder);
  try {
    const plan = planSlots(claim.gpus, options);
    if (claim.heldByOthers.length > 0) {
      options.log(
        `In use by another tfsweep worker, left out: GPU ${claim.heldByOthers.join(', ')}.`,
        'warn',
      );
    }
    const bond = settings.bond ?? (await parentBond());
    const agent = new WorkerAgent(options, settings, { plan, bond, release: () => claim.release() });
    await agent.open();
    return agent;
  } catch (error) {
    await claim.release();
    throw error;
  }
}
