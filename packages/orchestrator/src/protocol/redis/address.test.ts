import { describe, expect, it } from 'vitest';
import { parseRedisTarget, RedisAddressError } from './address.ts';

describe('the address of a Redis', () => {
  it.each([
    ['redis://example.org', { host: 'example.org', port: 6379, db: 0 }, 'redis://example.org:6379'],
    ['redis://:p%40ss@h:7000/3', { host: 'h', port: 7000, db: 3, password: 'p@ss' }, 'redis://h:7000/3'],
    [
      'redis://user:pass@[::1]:1',
      { host: '::1', port: 1, db: 0, username: 'user', password: 'pass' },
      'redis://[::1]:1',
    ],
    ['rediss://h', { host: 'h', port: 6379, db: 0, tls: { servername: 'h' } }, 'rediss://h:6379'],
    ['rediss://10.0.0.5', { host: '10.0.0.5', port: 6379, db: 0, tls: {} }, 'rediss://10.0.0.5:6379'],
    ['unix:/run/redis.sock', { path: '/run/redis.sock' }, 'unix:/run/redis.sock'],
    ['unix:///run/redis.sock', { path: '/run/redis.sock' }, 'unix:/run/redis.sock'],
  ])('%s is understood, and shown without user and password', (url, options, shown) => {
    expect(parseRedisTarget({ url })).toMatchObject({ options, shown });
    expect(parseRedisTarget({ url }).options).toEqual(options);
  });

  it('takes the password that is given apart over the one in the URL', () => {
    expect(parseRedisTarget({ url: 'redis://:a@h', password: 'b' }).options.password).toBe('b');
    expect(parseRedisTarget({ url: 'unix:/s', password: 'b' }).options.password).toBe('b');
  });

  it.each([
    'example.org',
    'http://h',
    'redis://',
    'redis://:geheim@',
    'redis://:geheim@h/db',
    'redis://:gehe%im@h',
    'redis://:geheim@h:99999',
    'unix:',
  ])('%s is refused with the forms to write, and no password', (url) => {
    const parse = (): unknown => parseRedisTarget({ url });
    expect(parse).toThrow(RedisAddressError);
    expect(parse).toThrow(/`redis:\/\/|`\/0`/);
    expect(parse).not.toThrow(/geheim|gehe%im/);
  });

  it('with a CA file that can not be read names the file', () => {
    expect(() => parseRedisTarget({ url: 'rediss://h', caFile: '/nowhere/ca.pem' })).toThrow(
      /\/nowhere\/ca\.pem/,
    );
  });
});
