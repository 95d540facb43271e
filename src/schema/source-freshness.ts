import type { SourceFreshness as SourceFreshnessShape, FollowStatus as Status } from '../catalog/freshness.ts';
import { instantFromSeconds } from '../domain/instant.ts';
import { sourceOf } from '../entities/source-of.ts';
import { builder } from './builder.ts';
import { Source } from './refs.ts';

const FollowStatus = builder.enumType('FollowStatus', {
  description: 'How well the catalog knows a source.',
  values: {
    CURRENT: { description: 'It has every session that the source had at `asOf`.' },
    FILLING: { description: 'The sessions of the source are still being copied: some are missing.' },
    BEHIND: { description: 'The source, or a part of it, cannot be followed at the moment; `behind` says why.' },
    NOT_FOLLOWED: {
      description:
        'The source is not copied: it is read as each viewer or with their own credential, or it is not set to be copied.',
    },
  } as const satisfies Record<Status, unknown>,
});

export const SourceFreshness = builder.objectRef<SourceFreshnessShape>('SourceFreshness').implement({
  description: 'What the catalog knows of a source, and of which time.',
  fields: (t) => ({
    source: t.field({
      type: Source,
      description: 'The source.',
      resolve: (freshness, _args, context) => sourceOf(freshness, context),
    }),
    status: t.expose('status', { type: FollowStatus, description: 'How well the catalog knows it.' }),
    asOf: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'What had changed by then is in the catalog. Null when the source has not been read yet.',
      resolve: ({ asOf }) => toInstant(asOf),
    }),
    sweptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the last reading of its whole list began. Sessions that were deleted later may still be in the catalog. Null before the first, and while its list does not show all.',
      resolve: ({ sweptAt }) => toInstant(sweptAt),
    }),
    complete: t.exposeBoolean('complete', {
      description: 'Whether every session that it had at `asOf` is in the catalog.',
    }),
    behind: t.exposeString('behind', {
      nullable: true,
      description: 'Why the source, or a part of it, cannot be followed at the moment. Null when all of it can.',
    }),
    sessions: t.exposeInt('sessions', { description: 'How many of its sessions are in the catalog.' }),
  }),
});

function toInstant(millis: number | null) {
  return instantFromSeconds(millis === null ? null : millis / 1000);
}
