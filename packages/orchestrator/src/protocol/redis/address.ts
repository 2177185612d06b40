import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { TfsweepError } from '../../errors.ts';
import type { RedisTarget } from '../agent.ts';

/** A target, understood: what ioredis needs, and what may be shown to people. */
export interface RedisAddress {
  /** The URL without user, password and file contents. */
  readonly shown: string;
  readonly tls: boolean;
  readonly options: RedisOptions;
}

const DEFAULT_PORT = 6379;
const FORMS =
  '`redis://[USER:PASSWORD@]HOST[:PORT][/DB]`, `rediss://…` for TLS, or `unix:/path/to/redis.sock`';

/** The address is not one, or its CA file can't be read. */
export class RedisAddressError extends TfsweepError {
  constructor(message: string, cause?: unknown) {
    super('REDIS_ADDRESS', message, { exitCode: 2, cause });
  }
}

/** @throws RedisAddressError */
export function parseRedisTarget(target: RedisTarget): RedisAddress {
  if (target.url.startsWith('unix:')) return unixAddress(target);
  const url = parseUrl(target.url);
  const tls = url.protocol === 'rediss:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  const db = databaseOf(url);
  const password = target.password ?? decodeURIComponent(url.password);
  const username = decodeURIComponent(url.username);
  return {
    shown: `${url.protocol}//${url.hostname}:${port}${db === 0 ? '' : `/${db}`}`,
    tls,
    options: {
      host,
      port,
      db,
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password }),
      ...(tls ? { tls: tlsOptions(host, target.caFile) } : {}),
    },
  };
}

function unixAddress(target: RedisTarget): RedisAddress {
  const path = target.url.slice('unix:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '')
    throw new RedisAddressError(`The Redis address \`unix:\` names no socket. Write ${FORMS}.`);
  const { password } = target;
  return { shown: `unix:${path}`, tls: false, options: { path, ...(password ? { password } : {}) } };
}

function parseUrl(text: string): URL {
  // A password may stand in it: only what can't be one is repeated.
  const shown = text.replace(/\/\/.*@/, '//…@');
  let url: URL;
  try {
    url = new URL(text);
    // Throws on a `%` that is no escape, as in a password pasted as it is.
    decodeURIComponent(url.password + url.username);
  } catch (error) {
    throw new RedisAddressError(
      `${shown} is no Redis address. Write ${FORMS}; in a password, percent-encode \`@ : / ? # %\`.`,
      error instanceof URIError ? error : undefined,
    );
  }
  if ((url.protocol !== 'redis:' && url.protocol !== 'rediss:') || url.hostname === '') {
    throw new RedisAddressError(`${shown} is no Redis address. Write ${FORMS}.`);
  }
  return url;
}

function databaseOf(url: URL): number {
  const text = url.pathname.replace(/^\//, '');
  if (text === '') return 0;
  if (!/^\d{1,5}$/.test(text)) {
    throw new RedisAddressError(
      `The Redis address ends in \`/${text}\`: expected the number of a database, such as \`/0\`.`,
    );
  }
  return Number(text);
}

function tlsOptions(host: string, caFile: string | undefined): NonNullable<RedisOptions['tls']> {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  if (caFile === undefined) return servername;
  try {
    return { ...servername, ca: readFileSync(caFile) };
  } catch (error) {
    throw new RedisAddressError(
      `The CA file ${caFile} can't be read (${(error as NodeJS.ErrnoException).code}). Give the PEM file of the authority that signed the server's certificate.`,
      error,
    );
  }
}
