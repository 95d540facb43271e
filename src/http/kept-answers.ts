import { LRUCache } from 'lru-cache';

/**
 * Answers of platforms that were read and validated a short while ago, of all sources and scopes. Whoever is given one must not
 * change it. Failures are not kept.
 */
export interface KeptAnswers {
  /** The answer, if it was read at most `maxAgeMs` ago. */
  find(key: string, maxAgeMs: number): KeptAnswer | null;
  keep(key: string, answer: { readonly value: unknown; readonly bytes: number; readonly forMs: number }): void;
}

export interface KeptAnswer {
  readonly value: unknown;
  readonly ageMs: number;
}

/** What an entry costs beside the answer itself. */
const entryBytes = 512;
/** How often answers are looked through for those that nobody may be given any more. */
const purgeMs = 2_000;

export function createKeptAnswers(maxBytes: number, now: () => number = () => performance.now()): KeptAnswers {
  const answers = new LRUCache<string, { readonly value: unknown; readonly readAt: number }>({
    maxSize: Math.max(1, maxBytes),
    maxEntrySize: Math.max(1, maxBytes),
  });
  let timer: NodeJS.Timeout | null = null;

  function purge(): void {
    timer = null;
    answers.purgeStale();
    purgeLater();
  }

  function purgeLater(): void {
    if (timer === null && answers.size > 0) timer = setTimeout(purge, purgeMs).unref();
  }

  return {
    find(key, maxAgeMs) {
      const answer = answers.get(key);
      if (answer === undefined) return null;
      const ageMs = now() - answer.readAt;
      return ageMs <= maxAgeMs ? { value: answer.value, ageMs } : null;
    },
    keep(key, { value, bytes, forMs }) {
      answers.set(key, { value, readAt: now() }, { size: bytes + entryBytes, ttl: forMs });
      purgeLater();
    },
  };
}
