import { readText } from './read-json.ts';
import type { Scope } from './scopes.ts';
import type { SourceSharing } from './sharing.ts';
import type { SourceState } from './source-state.ts';
import type { GetOptions } from './upstream.ts';

export interface ReadNames {
  /** In the memory of this process. */
  readonly key: string;
  /** Among replicas; null without. */
  readonly sharedName: string | null;
}

/** It says nothing of the schema: what is shared is what the platform sent, and each replica reads it for itself. */
export function toSharedName(
  { fingerprint }: SourceState,
  scope: Scope,
  target: string,
  { headers = {} }: GetOptions<unknown>,
): string | null {
  return fingerprint === null ? null : JSON.stringify([fingerprint, scope.key, target, headers]);
}

/**
 * What another replica read, if it is young enough to be used. What the schema here does not accept is as good as not there, and
 * so is what was asked for before the platform refused it here. One that is only good for when the platform fails is kept for
 * that, and not given.
 */
export async function findShared<Value>(
  sharing: SourceSharing,
  { key, sharedName }: ReadNames,
  { kind = 'sessions', schema }: GetOptions<Value>,
): Promise<{ readonly value: Value } | null> {
  const { replicas, answers, staleMs } = sharing;
  const keepMs = sharing.keepMs(kind);
  if (replicas === null || sharedName === null || keepMs === 0) return null;
  const found = await replicas.find(sharedName);
  if (found === null || found.ageMs >= keepMs) return null;
  const { text, ageMs } = found;
  const isYoung = ageMs <= sharing.maxAgeMs(kind);
  if (!isYoung && answers.find(key, staleMs) !== null) return null;
  const json = readText(text, schema);
  if (json.kind === 'failure') return null;
  const { value } = json;
  const askedAt = answers.now() - ageMs;
  const isLatest = answers.keep(key, { value, bytes: text.length, forMs: keepMs - ageMs, askedAt });
  return isYoung && isLatest ? { value } : null;
}
