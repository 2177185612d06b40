import { TfsweepError } from '../../errors.ts';
import type { RedisAddress } from './address.ts';

/** No server answers there. Passing: connections are tried again and again. */
export class RedisUnavailableError extends TfsweepError {
  constructor(message: string, cause?: unknown) {
    super('REDIS_UNAVAILABLE', message, { cause });
  }
}

/** The server refuses the password, the user, or a command that this user may not give. */
export class RedisAuthError extends TfsweepError {
  constructor(message: string, cause?: unknown) {
    super('REDIS_AUTH', message, { exitCode: 2, cause });
  }
}

/** The server is older than what tfsweep can use. */
export class RedisVersionError extends TfsweepError {
  constructor(message: string) {
    super('REDIS_VERSION', message, { exitCode: 2 });
  }
}

/** The server's certificate can't be trusted, or one side speaks TLS and the other doesn't. */
export class RedisTlsError extends TfsweepError {
  constructor(message: string, cause?: unknown) {
    super('REDIS_TLS', message, { exitCode: 2, cause });
  }
}

/** The server is there and refuses to write: out of memory, a replica, a failing disk. */
export class RedisRefusedError extends TfsweepError {
  constructor(message: string, cause?: unknown) {
    super('REDIS_REFUSED', message, { cause });
  }
}

const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);
/** A server that only speaks TLS hangs up on a client that doesn't, or answers in a language that is no RESP. */
const HUNG_UP = new Set(['ECONNRESET', 'EPIPE']);
const AUTH = /^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR AUTH|ERR Client sent AUTH)/;
const REFUSED = /^(OOM|READONLY|MISCONF|NOREPLICAS)/;
const PASSING = /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)/;
const CONNECTION =
  /Connection is closed|Stream isn't writeable|max retries per request|Command timed out|Socket timeout|aborted due to connection close|connect ETIMEDOUT|ended by the other side/;
const NETWORK = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EACCES',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTSOCK',
  ...HUNG_UP,
]);

/**
 * What ioredis or the server said, as an error that tells a person what to do. What is none of these is returned as it
 * is: a defect of ours.
 */
export function toRedisError(cause: unknown, { shown, tls, options }: RedisAddress): unknown {
  if (!(cause instanceof Error) || cause instanceof TfsweepError) return cause;
  // ioredis keeps the command that failed: for the one that logs in, password and all.
  if ('command' in cause) delete cause.command;
  const code = codeOf(cause);
  const { message } = cause;
  if (AUTH.test(message))
    return authError(cause, shown, options.password !== undefined && options.password !== null);
  if (UNTRUSTED.has(code)) {
    return new RedisTlsError(
      `The certificate of the Redis at ${shown} is signed by nobody this machine knows (${code}). Name its authority with \`--redis-ca FILE\`.`,
      cause,
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'CERT_HAS_EXPIRED') {
    return new RedisTlsError(`The certificate of the Redis at ${shown} is not valid: ${message}.`, cause);
  }
  if (code.startsWith('ERR_SSL')) {
    return new RedisTlsError(
      `The Redis at ${shown} does not speak TLS on this port (${code}). Write \`redis://\`, or use its TLS port.`,
      cause,
    );
  }
  if (REFUSED.test(message)) {
    return new RedisRefusedError(`The Redis at ${shown} refuses to write: ${message}`, cause);
  }
  if (!NETWORK.has(code) && !CONNECTION.test(message) && !PASSING.test(message)) return cause;
  const hint =
    !tls && options.host !== undefined && HUNG_UP.has(code)
      ? ' It hung up: if this is a TLS port, write `rediss://`.'
      : ' Check the address, and that the server runs and can be reached from here.';
  const reason = code === '' ? (PASSING.test(message) ? message : 'the connection was lost') : reasonOf(code);
  return new RedisUnavailableError(`No Redis answers at ${shown} (${reason}).${hint}`, cause);
}

function authError(cause: Error, shown: string, gavePassword: boolean): RedisAuthError {
  if (cause.message.startsWith('NOPERM')) {
    return new RedisAuthError(
      `The Redis user at ${shown} lacks a permission: ${cause.message.slice('NOPERM '.length)}. tfsweep needs scripts, streams, pub/sub and INFO on its own keys.`,
      cause,
    );
  }
  return new RedisAuthError(
    gavePassword
      ? `The Redis at ${shown} refuses this user or password. Check the URL, or set TFSWEEP_REDIS_PASSWORD.`
      : `The Redis at ${shown} wants a password. Set TFSWEEP_REDIS_PASSWORD, or write \`redis://:PASSWORD@HOST:PORT\`.`,
    cause,
  );
}

/** Node wraps what several addresses of one name answered. */
function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) return code;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error ? ((first as NodeJS.ErrnoException).code ?? '') : '';
}

function reasonOf(code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ENOENT':
      return 'no such socket';
    case 'EACCES':
      return 'permission denied';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'host name not found';
    case 'ETIMEDOUT':
      return 'timed out';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'connection reset';
    default:
      return code;
  }
}
