import { createRequire } from 'node:module';

/** The few things that are asked of a Redis or Valkey server. */
export interface Redis {
  isReady(): boolean;
  /** Null too when the key holds something that is not text. */
  get(key: string): Promise<string | null>;
  /** Unless the key holds a later one. */
  setLatest(key: string, value: TimedValue, forMs: number): Promise<unknown>;
  /** At once: what has not been answered never is. */
  close(): void;
}

/** A time of 13 digits, the end of the line, and anything. */
export type TimedValue = `${number}\n${string}`;

export interface RedisEvents {
  readonly onReady: () => void;
  readonly onLost: (error: Error) => void;
}

export type ConnectRedis = (url: string, events: RedisEvents) => Redis;

/** An outstanding answer that is this late will not come: the connection is opened anew. */
const hangingMs = 2_000;
const longestRetryMs = 2_000;

/** In one step, because another process may write at the same moment. */
const setLatestScript = `
local held = redis.pcall('GETRANGE', KEYS[1], 0, 13)
local isText = type(held) == 'string'
if not isText and not string.find(held.err, 'WRONGTYPE', 1, true) then return held end
local heldTime = isText and tonumber(string.match(held, '^(%d+)\\n$'))
local time = tonumber(string.match(ARGV[1], '^(%d+)\\n'))
if heldTime and heldTime > time then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** Null when the optional package `ioredis` is not installed. Loaded only here, because most servers do without. */
export function loadRedis(): ConnectRedis | null {
  const require = createRequire(import.meta.url);
  let ioredis: typeof import('ioredis');
  try {
    ioredis = require('ioredis');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
  return (url, events) => connect(ioredis, url, events);
}

function connect(ioredis: typeof import('ioredis'), url: string, { onReady, onLost }: RedisEvents): Redis {
  const client = new ioredis.Redis(url, {
    // Nobody waits for a connection, and nothing is sent later that nobody waits for any more.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * 200, longestRetryMs),
    socketTimeout: hangingMs,
    // What every version understands, and every account may say.
    protocol: 2,
    disableClientInfo: true,
  });
  client.on('ready', onReady);
  client.on('error', (error: Error & { readonly command?: { readonly name: string } }) => {
    onLost(withReason(error));
    // It would go on in another database.
    if (error.command?.name === 'select') client.disconnect(true);
  });
  client.on('close', () => onLost(new Error('CLOSED')));
  return {
    isReady: () => client.status === 'ready',
    async get(key) {
      try {
        return await client.get(key);
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('WRONGTYPE ')) return null;
        throw error;
      }
    },
    setLatest: (key, value, forMs) => client.eval(setLatestScript, 1, key, value, forMs),
    close: () => client.disconnect(),
  };
}

/** Two errors of ioredis have neither a code nor a name of their own. */
function withReason(error: Error): Error {
  if (error.message.startsWith('Socket timeout.')) return new Error('TIMEOUT');
  return error.message.endsWith('Please report this.') ? new Error('UNREADABLE') : error;
}
