import type { Instant } from './instant.ts';
import type { SessionRecord } from './records.ts';

/** When a session was last active: where the platform does not say, when it was created. */
export function lastActive({ updatedAt, createdAt }: SessionRecord): Instant | null {
  return updatedAt ?? createdAt;
}

/** Where a session stands in a list with this order, in microseconds. */
export const momentsBy = {
  createdAt: (session: SessionRecord): number | null => session.createdAt?.micros ?? null,
  updatedAt: (session: SessionRecord): number | null => lastActive(session)?.micros ?? null,
};
