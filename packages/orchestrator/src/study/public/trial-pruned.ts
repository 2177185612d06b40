/** What `report` throws where the scheduler ends the trial. An objective may throw one itself. */
export class TrialPruned extends Error {
  override readonly name = 'TrialPruned';
}
