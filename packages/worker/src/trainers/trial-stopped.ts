/** Thrown by `report` when the trial has to end. Let it pass: a trainer that swallows it is killed after the grace time. */
export class TrialStopped extends Error {
  constructor(reason: string) {
    super(`The trial was stopped: ${reason}`);
    this.name = 'TrialStopped';
  }
}
