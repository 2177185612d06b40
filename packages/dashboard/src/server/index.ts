export { type Dashboard, startDashboard } from './dashboard.ts';
export { DashboardError } from './errors.ts';
export type { DashboardOptions } from './options.ts';
