/** What command line and dashboard both show. Pure: runs in a browser too. */
export * from './best-so-far.ts';
export * from './commonest-failure.ts';
export * from './edge-parameters.ts';
export * from './json-safe.ts';
export * from './leaderboard.ts';
export * from './saved-steps.ts';
export * from './significant.ts';
export * from './summary.ts';
export * from './varying-parameters.ts';
