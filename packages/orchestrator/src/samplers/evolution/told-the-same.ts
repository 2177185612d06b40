import type { ObservedTrial } from '../sampler.ts';

/** Whether two views of a trial that has ended say the same of it. One that was pruned may have gone on since. */
export function toldTheSame(before: ObservedTrial, now: ObservedTrial | undefined): boolean {
  if (before === now) return true;
  return (
    now !== undefined &&
    before.number === now.number &&
    before.state === now.state &&
    before.step === now.step &&
    before.loss === now.loss
  );
}
