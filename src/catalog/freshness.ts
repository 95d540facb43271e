import type { CatalogReader } from './reader.ts';
import { type SourceState, unfollowed } from './store.ts';

/** How well the catalog knows a source. */
export type FollowStatus = 'CURRENT' | 'FILLING' | 'BEHIND' | 'NOT_FOLLOWED';

export interface SourceFreshness {
  readonly sourceId: string;
  readonly status: FollowStatus;
  /** Milliseconds since 1970. */
  readonly asOf: number | null;
  readonly sweptAt: number | null;
  /** Whether every session that the source had at `asOf` is in the catalog. */
  readonly complete: boolean;
  readonly behind: string | null;
  readonly sessions: number;
}

/** How well the catalog knows each of these sources. */
export async function freshnessOf(
  sourceIds: readonly string[],
  { store, followed }: CatalogReader,
): Promise<readonly SourceFreshness[]> {
  return toFreshness(sourceIds, followed, await store.states());
}

export function toFreshness(
  sourceIds: readonly string[],
  followed: readonly string[],
  states: ReadonlyMap<string, SourceState>,
): readonly SourceFreshness[] {
  return sourceIds.map((sourceId) => {
    const isFollowed = followed.includes(sourceId);
    const { mark, sessions }: Pick<SourceState, 'mark' | 'sessions'> = (isFollowed
      ? states.get(sourceId)
      : undefined) ?? {
      mark: unfollowed,
      sessions: 0,
    };
    const { asOf, sweptAt, behind } = mark;
    const status = isFollowed ? statusOf(sweptAt, behind) : 'NOT_FOLLOWED';
    return { sourceId, status, asOf, sweptAt, behind, complete: sweptAt !== null, sessions };
  });
}

function statusOf(sweptAt: number | null, behind: string | null): FollowStatus {
  if (behind !== null) return 'BEHIND';
  return sweptAt === null ? 'FILLING' : 'CURRENT';
}
