/** Everything that passes between orchestrator and workers: the only thing workers import from here. */
export { TfsweepError } from '../errors.ts';
export { isAlive, type ProcessIdentity, thisProcess } from '../process-identity.ts';
export * from './agent.ts';
export * from './events.ts';
export * from './job.ts';
export * from './keys.ts';
export * from './links.ts';
export * from './references.ts';
export * from './signing.ts';
export * from './trainer-spec/index.ts';
