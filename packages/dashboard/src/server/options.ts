import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { DashboardError } from './errors.ts';

export interface DashboardOptions {
  /** The `.tfsweep` folder; need not exist yet. */
  readonly dir: string;
  /** Address to listen on. @default '127.0.0.1' */
  readonly host?: string;
  /** 0: any free one. One that is taken: the next free one of the 20 from here. */
  readonly port: number;
  /**
   * What a browser must show once, at least 32 characters. Left out: none on loopback, a random one beyond it. null:
   * none, which is refused beyond loopback.
   */
  readonly token?: string | null;
  /** Lines for people. */
  readonly log?: (line: string) => void;
}

export interface CheckedOptions {
  readonly dir: string;
  readonly host: string;
  readonly port: number;
  readonly loopback: boolean;
  readonly token: string | null;
  readonly log: (line: string) => void;
}

const MIN_TOKEN_LENGTH = 32;
const MAX_PORT = 65_535;

/** @throws DashboardError for a port or token that can't be, and for a host beyond loopback without a token. */
export function checkOptions(options: DashboardOptions): CheckedOptions {
  const host = options.host ?? '127.0.0.1';
  const loopback = isLoopback(host);
  if (!Number.isInteger(options.port) || options.port < 0 || options.port > MAX_PORT) {
    throw new DashboardError('DASHBOARD_PORT', `The port must be 0 to ${MAX_PORT}, not ${options.port}.`, {
      exitCode: 2,
    });
  }
  return {
    dir: options.dir,
    host,
    port: options.port,
    loopback,
    token: checkToken(options.token, host, loopback),
    log: options.log ?? (() => {}),
  };
}

function checkToken(token: string | null | undefined, host: string, loopback: boolean): string | null {
  if (token === undefined) return loopback ? null : randomBytes(32).toString('base64url');
  if (token === null) {
    if (loopback) return null;
    throw new DashboardError(
      'DASHBOARD_NEEDS_TOKEN',
      `On ${host} anyone on the network can reach the dashboard: give a token of at least ${MIN_TOKEN_LENGTH} ` +
        'characters, or listen on 127.0.0.1.',
      { exitCode: 2 },
    );
  }
  if (token.length < MIN_TOKEN_LENGTH) {
    throw new DashboardError(
      'DASHBOARD_WEAK_TOKEN',
      `The dashboard's token has ${token.length} characters; it must have at least ${MIN_TOKEN_LENGTH}. ` +
        'Leave it out and a random one is made.',
      { exitCode: 2 },
    );
  }
  return token;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
