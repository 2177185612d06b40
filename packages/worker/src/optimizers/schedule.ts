import type { ScheduleSpec } from '@tfsweep/orchestrator/protocol';

export interface TrainingLength {
  readonly stepsPerEpoch: number;
  /** Of the whole training, however far this run of it goes. */
  readonly epochs: number;
}

/**
 * What the learning rate is multiplied by at a step of the optimizer, from 0 on. Beyond the end it stays as at the end.
 * `plateau` moves between epochs (plateau.ts); here it is constant.
 */
export function learningRateFactor(schedule: ScheduleSpec, step: number, length: TrainingLength): number {
  const total = Math.max(1, Math.round(length.epochs * length.stepsPerEpoch));
  if (schedule.type === 'one_cycle') return oneCycle(schedule, Math.min(step, total - 1), total);
  const warmup = Math.round(schedule.warmup * length.stepsPerEpoch);
  if (step < warmup) return (step + 1) / warmup;
  const epoch = step / length.stepsPerEpoch;
  switch (schedule.type) {
    case 'constant':
    case 'plateau':
      return 1;
    case 'step':
      return schedule.factor ** Math.floor(epoch / schedule.every);
    case 'exponential':
      return schedule.factor ** epoch;
    case 'cosine': {
      const progress = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
      return halfCosine(1, schedule.final, progress);
    }
  }
}

/** L. Smith and N. Topin, "Super-convergence", 2018, with cosines for lines, as PyTorch has it. */
function oneCycle(
  { rise, start, final }: Extract<ScheduleSpec, { type: 'one_cycle' }>,
  step: number,
  total: number,
): number {
  const top = rise * total - 1;
  const last = total - 1;
  // So short that the rise is over before the first step.
  if (top <= 0) return halfCosine(1, final, last === 0 ? 0 : step / last);
  if (step <= top) return halfCosine(start, 1, step / top);
  return halfCosine(1, final, (step - top) / (last - top));
}

/** From `from` at 0 to `to` at 1 along half a cosine. I. Loshchilov and F. Hutter, "SGDR", 2017, eq. 5. */
function halfCosine(from: number, to: number, progress: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * progress));
}
