import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

/**
 * Metrics, parameters and error texts come from trainers and are hostile: even if the page let one of them through as
 * markup, no script of it would run and nothing could be sent anywhere.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
};

export const readOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  return refuse(c, 405, 'READ_ONLY', 'This dashboard only reads.');
};

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Against DNS rebinding: a page of another site whose name was made to point at this machine reaches the server, but
 * with its own name in `Host`. Any port is let through, because tunnels change it.
 */
export const loopbackHostOnly: MiddlewareHandler = async (c, next) => {
  if (LOOPBACK_HOST.test(c.req.header('host') ?? '')) return next();
  return refuse(c, 403, 'FOREIGN_HOST', 'This dashboard answers to localhost alone.');
};

/**
 * Lets in whoever shows the token once as `?token=`, by a cookie from then on. `port` is part of the cookie's name:
 * cookies know no ports, and two dashboards of one host must not overwrite each other's.
 */
export function tokenRequired(token: string, port: () => number): MiddlewareHandler {
  const expected = digest(token);
  return async (c, next) => {
    const cookie = `tfsweep-${port()}`;
    const shown = c.req.query('token');
    if (shown !== undefined && timingSafeEqual(digest(shown), expected)) {
      setCookie(c, cookie, expected.toString('hex'), { httpOnly: true, sameSite: 'Strict', path: '/' });
      // Not a redirect: after a click in another site's page the browser would follow it without the strict cookie.
      return c.html('<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>tfsweep</title>');
    }
    const kept = Buffer.from(getCookie(c, cookie) ?? '', 'hex');
    if (kept.length === expected.length && timingSafeEqual(kept, expected)) return next();
    return refuse(
      c,
      401,
      'TOKEN_NEEDED',
      'Open the whole address that the dashboard printed, with its token.',
    );
  };
}

export function refuse(
  c: Context,
  status: 401 | 403 | 404 | 405 | 503,
  code: string,
  message: string,
): Response {
  return c.json({ error: { code, message } }, status);
}

/** Of equal length for any text, so that comparing takes the same time for all. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
