import type { Instant } from './instant.ts';
import type { SessionRecord } from './records.ts';

/** When a session was last active: where the platform does not say, when it was created. */
export function lastActive({ updatedAt, createdAt }: SessionRecord): Instant | null {
  return updatedAt ?? createdAt;
}

/** Where a session stands in a list with this order, in microseconds. */
export function momentOf(session: SessionRecord, orderBy: 'createdAt' | 'updatedAt'): number | null {
  const instant = orderBy === 'createdAt' ? session.createdAt : lastActive(session);
  return instant?.micros ?? null;
}
