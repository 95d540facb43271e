import { LRUCache } from 'lru-cache';

/**
 * Answers of platforms that were read and validated a short while ago, of all sources and scopes. Whoever is given one must not
 * change it. Failures are not kept.
 */
export interface KeptAnswers {
  /** The answer, if it was read at most `maxAgeMs` ago. */
  find(key: string, maxAgeMs: number): KeptAnswer | null;
  keep(key: string, answer: { readonly value: unknown; readonly bytes: number }): void;
}

export interface KeptAnswer {
  readonly value: unknown;
  readonly ageMs: number;
}

/** What an entry costs beside the answer itself. */
const entryBytes = 512;

export function createKeptAnswers(maxBytes: number, now: () => number = () => performance.now()): KeptAnswers {
  const answers = new LRUCache<string, { readonly value: unknown; readonly readAt: number }>({
    maxSize: Math.max(1, maxBytes),
    maxEntrySize: Math.max(1, maxBytes),
  });
  return {
    find(key, maxAgeMs) {
      const answer = answers.get(key);
      if (answer === undefined) return null;
      const ageMs = now() - answer.readAt;
      return ageMs <= maxAgeMs ? { value: answer.value, ageMs } : null;
    },
    keep(key, { value, bytes }) {
      answers.set(key, { value, readAt: now() }, { size: bytes + entryBytes });
    },
  };
}
