import { createHash } from 'node:crypto';
import type { ConnectRedis } from './redis.ts';
import { version } from './version.ts';

/**
 * What platforms answered to other processes of this server, as they sent it. Nothing that goes wrong here is an error: an answer
 * that cannot be had from here is read from the platform.
 */
export interface Replicas {
  find(name: string): Promise<SharedAnswer | null>;
  keep(name: string, answer: AnswerToShare): void;
  /** The platform refuses what it answered before: nothing that was asked for until then is given any more. */
  forget(name: string, ageMs: number): void;
  close(): void;
}

export interface AnswerToShare {
  readonly text: string;
  /** From when the platform was asked. */
  readonly forMs: number;
  /** Since the platform was asked. */
  readonly ageMs: number;
}

export interface SharedAnswer {
  readonly text: string;
  readonly ageMs: number;
}

/** For the log. A reason is a word: the message of an error may quote what was sent. */
export interface RedisReport {
  readonly redisLost: (reason: string) => void;
  readonly redisBack: () => void;
}

export interface ReplicasSettings {
  readonly url: string;
  readonly connect: ConnectRedis;
  readonly report: RedisReport;
  /** The clock on the wall, which replicas have in common. Default: `Date.now`. */
  readonly now?: () => number;
  /** What the look-up of an answer may cost that is not there. Default: 100. */
  readonly patienceMs?: number;
  /** After a failure nobody is made to wait for the next for so long. Default: 5 seconds. */
  readonly restMs?: number;
}

/** Larger ones cost more to pass around than to read anew. */
const maxBytes = 1_048_576;
/** As long as a read may take that began before the refusal. */
const refusedMs = 60_000;

type Failing = 'connection' | 'read' | 'write';

export function createReplicas(settings: ReplicasSettings): Replicas {
  const { url, connect, report, now = Date.now, patienceMs = 100, restMs = 5_000 } = settings;
  const failing = new Set<Failing>();
  let restsUntil = 0;
  let isClosed = false;
  const isResting = () => performance.now() < restsUntil;

  function fail(what: Failing, error: unknown): void {
    if (isClosed) return;
    if (failing.size === 0) report.redisLost(toReason(error));
    failing.add(what);
    if (what !== 'connection') restsUntil = performance.now() + restMs;
  }

  function succeed(what: Failing): void {
    // What was asked before it failed tells nothing of it since.
    if (what !== 'connection' && isResting()) return;
    if (failing.delete(what) && failing.size === 0) report.redisBack();
  }

  const redis = connect(url, {
    onReady: () => succeed('connection'),
    onLost: (error) => fail('connection', error),
  });
  const isUsable = () => redis.isReady() && !isResting();

  /** Nobody waits for it. */
  function write(name: string, text: string, askedAt: number, forMs: number): void {
    if (!isUsable()) return;
    redis.setLatest(toKey(name), `${Math.floor(askedAt)}\n${text}`, Math.ceil(forMs)).then(
      () => succeed('write'),
      (error: unknown) => fail('write', error),
    );
  }

  /** No text is no answer. It stays there for a while, because others may have read before and write after. */
  function forget(name: string, ageMs: number): void {
    write(name, '', now() - ageMs, refusedMs);
  }

  return {
    async find(name) {
      if (!isUsable()) return null;
      try {
        const value = await within(redis.get(toKey(name)), patienceMs);
        succeed('read');
        return value === null ? null : toAnswer(value, now());
      } catch (error) {
        fail(redis.isReady() ? 'read' : 'connection', error);
        return null;
      }
    },
    keep(name, { text, forMs, ageMs }) {
      const leftMs = forMs - ageMs;
      if (leftMs <= 0) return;
      // What is there is older all the same.
      if (Buffer.byteLength(text) > maxBytes) forget(name, ageMs);
      else write(name, text, now() - ageMs, leftMs);
    },
    forget,
    close() {
      isClosed = true;
      redis.close();
    },
  };
}

/** Hashed, because names hold users, and may hold credentials that were hashed before. */
function toKey(name: string): string {
  return `session-graph:${version}:${createHash('sha256').update(name).digest('base64url')}`;
}

/** Null when this server did not write it, or one whose clock is ahead: how old it is cannot be told. */
function toAnswer(value: string, now: number): SharedAnswer | null {
  const [, askedAt, text] = /^(\d{13})\n(.+)$/s.exec(value) ?? [];
  if (askedAt === undefined || text === undefined || Number(askedAt) > now) return null;
  return { text, ageMs: now - Number(askedAt) };
}

function within<Value>(promise: Promise<Value>, ms: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    // A process that was busy for so long first reads what has arrived meanwhile.
    const timer = setTimeout(() => setImmediate(() => reject(new Error('TIMEOUT'))), ms).unref();
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** `ECONNREFUSED`, `WRONGPASS`: the code of the error, or the word with which Redis begins its messages. */
function toReason(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const words = ['code' in error ? error.code : null, error.message.split(' ')[0]];
  const word = words.find((each) => typeof each === 'string' && /^[A-Z][A-Z_]{2,39}$/.test(each));
  return typeof word === 'string' ? word : error.name;
}
