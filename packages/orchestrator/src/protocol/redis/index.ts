/** How both ends reach Redis, and how what they exchange stands there. */
export * from './address.ts';
export * from './connect.ts';
export * from './errors.ts';
export * from './outgoing.ts';
export * from './report-stream.ts';
export * from './script.ts';
export * from './server-version.ts';
export * from './wire.ts';
