import type { TerminateConfig } from '../../config/sweep-config.ts';
import type { Space } from '../../space/types.ts';
import { createRegret } from './regret.ts';
import { createStagnation } from './stagnation.ts';
import type { Terminator } from './terminator.ts';

/** All that the config asks for; the first reason of any ends the search. */
export function createTerminator(config: TerminateConfig, space: Space, seed: number): Terminator {
  const parts: Terminator[] = [];
  if (config.stagnation !== null) parts.push(createStagnation(config.stagnation));
  if (config.regret !== null) parts.push(createRegret(config.regret, space, seed));
  return {
    onEnd: (trial) => {
      for (const part of parts) part.onEnd(trial);
    },
    reason: () => parts.reduce<string | null>((reason, part) => reason ?? part.reason(), null),
  };
}
