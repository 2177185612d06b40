import { redisScript } from './script.ts';

/**
 * The scripts of the report stream, for both its ends. KEYS are always the epoch, the stream and, where they are
 * needed, the stop orders of one sweep; the stream is lost where it is missing or its epoch is not the caller's.
 */

/** ARGV: epoch. A stream that is empty but exists: its absence is how a deleted one is told. */
export const createStream = redisScript(
  'tfsweepCreateStream',
  3,
  `redis.call('DEL', KEYS[2], KEYS[3])
  redis.call('SET', KEYS[1], ARGV[1])
  redis.call('XADD', KEYS[2], '*', 'e', '')
  redis.call('XTRIM', KEYS[2], 'MAXLEN', 0)
  return 1`,
);

/**
 * ARGV: epoch, number of events, the events, fields of the stop orders to answer with.
 * Returns nil where the stream is lost, else the orders: of each field its lines of JSON or false.
 */
export const appendEvents = redisScript(
  'tfsweepAppendEvents',
  3,
  `if redis.call('GET', KEYS[1]) ~= ARGV[1] or redis.call('EXISTS', KEYS[2]) == 0 then return nil end
  local last = 2 + tonumber(ARGV[2])
  for i = 3, last do redis.call('XADD', KEYS[2], '*', 'e', ARGV[i]) end
  local orders = {}
  for i = last + 1, #ARGV do orders[#orders + 1] = redis.call('HGET', KEYS[3], ARGV[i]) end
  return orders`,
);

/** ARGV: epoch, first id to keep ('' trims nothing), channel, message. */
export const publishCommitted = redisScript(
  'tfsweepCommitted',
  2,
  `if ARGV[2] ~= '' and redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2]) end
  return redis.call('PUBLISH', ARGV[3], ARGV[4])`,
);

/** KEYS: the stop orders. ARGV: channel, then field and JSON of each order. An order that stands is not added again. */
export const addStopOrders = redisScript(
  'tfsweepStop',
  1,
  `for i = 2, #ARGV, 2 do
    local lines = redis.call('HGET', KEYS[1], ARGV[i])
    local order = ARGV[i + 1]
    if not lines then
      redis.call('HSET', KEYS[1], ARGV[i], order)
    elseif not string.find('\\n' .. lines .. '\\n', '\\n' .. order .. '\\n', 1, true) then
      redis.call('HSET', KEYS[1], ARGV[i], lines .. '\\n' .. order)
    end
    redis.call('PUBLISH', ARGV[1], order)
  end
  return 1`,
);
