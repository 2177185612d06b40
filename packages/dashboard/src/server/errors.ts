import { TfsweepError } from '@tfsweep/orchestrator/store';

/** What keeps the dashboard from starting, for a person. */
export class DashboardError extends TfsweepError {}
