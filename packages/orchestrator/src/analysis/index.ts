/** What command line and dashboard both show. Pure: runs in a browser too. */
export type { AnalysedTrial } from './analysed-trials.ts';
export * from './best-so-far.ts';
export * from './commonest-failure.ts';
export * from './edge-parameters.ts';
export * from './importance/importance.ts';
export * from './json-safe.ts';
export * from './leaderboard.ts';
export * from './partial-dependence.ts';
export * from './saved-steps.ts';
export * from './significant.ts';
export * from './summary.ts';
export * from './varying-parameters.ts';
