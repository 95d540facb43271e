import { LRUCache } from 'lru-cache';

/**
 * Answers of platforms that were read and validated a short while ago, of all sources and scopes. Whoever is given one must not
 * change it. Failures are not kept.
 */
export interface KeptAnswers {
  /** The answer, if it was asked for at most `maxAgeMs` ago. */
  find(key: string, maxAgeMs: number): KeptAnswer | null;
  /** Does nothing, and says so, when something is known that was asked for later. */
  keep(key: string, answer: AnswerToKeep): boolean;
  /** The platform refuses what it answered before: nothing that was asked for until then is given any more. */
  forget(key: string, askedAt: number): void;
  /** The size of all of them, with what each costs beside its answer. */
  bytes(): number;
  /** The clock of `askedAt`. */
  now(): number;
  /** Forgets everything, for good. */
  close(): void;
}

export interface AnswerToKeep {
  readonly value: unknown;
  readonly bytes: number;
  readonly forMs: number;
  readonly askedAt: number;
}

export interface KeptAnswer {
  readonly value: unknown;
  readonly ageMs: number;
  readonly bytes: number;
  /** Of no other answer, whatever it was kept as. */
  readonly serial: number;
}

interface Entry {
  readonly value: unknown;
  readonly askedAt: number;
  readonly bytes: number;
  readonly serial: number;
  readonly isRefused: boolean;
}

/** What an entry costs beside the answer itself. */
const entryBytes = 512;
/** How often answers are looked through for those that nobody may be given any more. */
const purgeMs = 2_000;
const longestReadMs = 60_000;

export function createKeptAnswers(maxBytes: number, now: () => number = () => performance.now()): KeptAnswers {
  const answers = new LRUCache<string, Entry>({
    maxSize: Math.max(1, maxBytes),
    maxEntrySize: Math.max(1, maxBytes),
  });
  let timer: NodeJS.Timeout | null = null;
  let count = 0;

  function purge(): void {
    timer = null;
    answers.purgeStale();
    purgeLater();
  }

  function purgeLater(): void {
    if (timer === null && answers.size > 0) timer = setTimeout(purge, purgeMs).unref();
  }

  function put(key: string, entry: Omit<Entry, 'serial'>, ttl: number): boolean {
    const known = answers.peek(key);
    if (known !== undefined && known.askedAt > entry.askedAt) return false;
    count += 1;
    answers.set(key, { ...entry, serial: count }, { size: entry.bytes + entryBytes, ttl });
    purgeLater();
    return true;
  }

  return {
    find(key, maxAgeMs) {
      const entry = answers.get(key);
      if (entry === undefined || entry.isRefused) return null;
      const { value, askedAt, bytes, serial } = entry;
      const ageMs = now() - askedAt;
      return ageMs <= maxAgeMs ? { value, ageMs, bytes, serial } : null;
    },
    keep: (key, { value, bytes, forMs, askedAt }) => put(key, { value, askedAt, bytes, isRefused: false }, forMs),
    forget(key, askedAt) {
      // For as long as a read may take that began before: of another operation, or of another process.
      put(key, { value: null, askedAt, bytes: 0, isRefused: true }, longestReadMs);
    },
    bytes: () => answers.calculatedSize,
    now,
    close() {
      if (timer !== null) clearTimeout(timer);
      answers.clear();
    },
  };
}
