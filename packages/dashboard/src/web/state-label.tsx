import type { SweepState, TrialState } from '../wire.ts';

/** The word says it, the colour helps. */
export function StateLabel({ state }: { state: SweepState | TrialState }) {
  return (
    <span class="state" data-state={state}>
      {state}
    </span>
  );
}
