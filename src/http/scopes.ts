import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Breaker } from './breaker.ts';
import type { Flight } from './flight.ts';
import type { CallIdentity } from './http-call.ts';

/**
 * What a source shares between operations that ask it with the same credential and as the same user, and with no others: one
 * user's broken account closes the source for nobody else, and what one may read another may not.
 */
export interface Scope {
  /** Tells this scope from every other, of whatever source. */
  readonly key: string;
  readonly breaker: Breaker;
  /** Reads under way that others may join, by what they read. */
  readonly flights: Map<string, Flight<unknown>>;
}

export interface Scopes {
  of(identity: CallIdentity, credential: string | null): Scope;
  /** How many of their breakers refuse requests now. */
  openBreakers(): number;
}

export function createScopes(sourceId: string, createBreaker: () => Breaker, capacity: number): Scopes {
  const scopes = new LRUCache<string, Scope>({ max: capacity });
  return {
    of(identity, credential) {
      const key = toKey(sourceId, identity, credential);
      const scope = scopes.get(key) ?? { key, breaker: createBreaker(), flights: new Map() };
      scopes.set(key, scope);
      return scope;
    },
    openBreakers: () => [...scopes.values()].filter(({ breaker }) => breaker.refuses()).length,
  };
}

function toKey(sourceId: string, identity: CallIdentity, credential: string | null): string {
  const name = JSON.stringify([sourceId, sortedEntries(identity.headers), sortedEntries(identity.query)]);
  // Hashed, because credentials must not stay in memory longer than their operation.
  return credential === null ? name : name + createHash('sha256').update(credential).digest('base64');
}

function sortedEntries(record: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
}
