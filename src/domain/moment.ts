import type { Instant } from './instant.ts';
import type { SessionFacts } from './records.ts';

/** When a session was last active: where the platform does not say, when it was created. */
export function lastActive({ updatedAt, createdAt }: SessionFacts): Instant | null {
  return updatedAt ?? createdAt;
}

/** Where a session stands in a list with this order, in microseconds. */
export const momentsBy = {
  createdAt: (session: SessionFacts): number | null => session.createdAt?.micros ?? null,
  updatedAt: (session: SessionFacts): number | null => lastActive(session)?.micros ?? null,
};
