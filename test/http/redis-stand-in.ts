import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { password, type RedisServer, toUrl } from './redis-server.ts';

export interface StandIn extends RedisServer {
  /** The names of the commands it was given, in the order of arrival. */
  readonly commands: readonly string[];
  /** Every answer comes so much later. */
  delay(ms: number): void;
  /** What it answers to look-ups and writes, instead of what would be right. */
  insist(reply: string): void;
  /** How many connections are open. */
  connections(): number;
}

interface Held {
  /** Null when it is not text. */
  readonly value: string | null;
  readonly until: number;
}

/** What Redis does of what this server asks of it; `test/real/redis.real.ts` makes the same demands of a real one. */
export async function startStandIn(): Promise<StandIn> {
  const held = new Map<string, Held>();
  const commands: string[] = [];
  const visits = new Set<Visit>();
  const sockets = new Set<Socket>();
  let isHanging = false;
  let isFull = false;
  let delayMs = 0;
  let insisted: string | null = null;

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    const visit = createVisit((words) => {
      commands.push(words[0] ?? '');
      const reply = answer(words);
      if (delayMs === 0) socket.write(reply);
      else setTimeout(() => socket.write(reply), delayMs);
    });
    visits.add(visit);
    socket.on('data', (chunk) => visit.hear(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      visits.delete(visit);
    });
  });
  const port = await listen(server, 0);
  const kill = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(() => (server.listening ? kill() : undefined));

  interface Visit {
    hear(chunk: Buffer): void;
    goOn(): void;
  }

  function createVisit(obey: (words: readonly string[]) => void): Visit {
    let heard = Buffer.alloc(0);
    function goOn(): void {
      for (let next = readCommand(heard); next !== null && !isHanging; next = readCommand(heard)) {
        heard = heard.subarray(next.length);
        obey(next.words);
      }
    }
    return {
      hear(chunk) {
        heard = Buffer.concat([heard, chunk]);
        goOn();
      },
      goOn,
    };
  }

  function find(key: string): Held | null {
    const found = held.get(key) ?? null;
    return found === null || found.until <= performance.now() ? null : found;
  }

  function answer([name = '', first = '', , key = '', value = '', forMs = '']: readonly string[]): string {
    if (insisted !== null && (name === 'get' || name === 'eval')) return insisted;
    switch (name) {
      case 'auth':
        return first === password ? '+OK\r\n' : '-WRONGPASS invalid username-password pair or user is disabled.\r\n';
      case 'info':
        return toBulk('loading:0\r\n');
      case 'get': {
        const found = find(first);
        if (found === null) return '$-1\r\n';
        return found.value === null
          ? '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n'
          : toBulk(found.value);
      }
      case 'eval': {
        if (isFull) return "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
        const timeOf = (text: string) => Number(/^(\d{13})\n/.exec(text)?.[1] ?? 0);
        if (timeOf(find(key)?.value ?? '') > timeOf(value)) return ':0\r\n';
        held.set(key, { value, until: performance.now() + Number(forMs) });
        return ':1\r\n';
      }
      default:
        return `-ERR unknown command '${name}'\r\n`;
    }
  }

  return {
    url: toUrl(port),
    commands,
    keys: async () => [...held.keys()].filter((key) => find(key) !== null),
    read: async (key) => find(key)?.value ?? null,
    leftMs: async (key) => (find(key)?.until ?? 0) - performance.now(),
    put: async (key, value) => void held.set(key, { value, until: Number.POSITIVE_INFINITY }),
    putList: async (key) => void held.set(key, { value: null, until: Number.POSITIVE_INFINITY }),
    clear: async () => held.clear(),
    lookups: async () => commands.filter((command) => command === 'get').length,
    async fill() {
      isFull = true;
    },
    kill,
    async start() {
      held.clear();
      await listen(server, port);
    },
    hang() {
      isHanging = true;
    },
    goOn() {
      isHanging = false;
      for (const visit of visits) visit.goOn();
    },
    delay(ms) {
      delayMs = ms;
    },
    insist(reply) {
      insisted = reply;
    },
    connections: () => sockets.size,
  };
}

export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function toBulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

/** An array of texts, each with its length before it; null while a part of it has not arrived. */
function readCommand(heard: Buffer): { readonly words: readonly string[]; readonly length: number } | null {
  let place = 0;
  function readNumber(): number | null {
    const end = heard.indexOf('\r\n', place);
    if (end === -1) return null;
    const number = Number(heard.toString('latin1', place + 1, end));
    place = end + 2;
    return number;
  }
  const count = readNumber();
  if (count === null) return null;
  const words: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const length = readNumber();
    if (length === null || heard.length < place + length + 2) return null;
    words.push(heard.toString('utf8', place, place + length));
    place += length + 2;
  }
  return { words, length: place };
}
