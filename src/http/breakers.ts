import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Breaker } from './breaker.ts';
import type { CallIdentity } from './http-call.ts';

/** One breaker for each credential and identity, so that one user's broken account does not affect other users. */
export interface Breakers {
  of(identity: CallIdentity, credential: string | null): Breaker;
}

export function createBreakers(create: () => Breaker, capacity: number): Breakers {
  const breakers = new LRUCache<string, Breaker>({ max: capacity });
  return {
    of(identity, credential) {
      const key = toKey(identity, credential);
      const breaker = breakers.get(key) ?? create();
      breakers.set(key, breaker);
      return breaker;
    },
  };
}

/** Hashed, because credentials must not stay in memory longer than their operation. */
function toKey(identity: CallIdentity, credential: string | null): string {
  const parts = [credential, sortedEntries(identity.headers), sortedEntries(identity.query)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

function sortedEntries(record: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
}
