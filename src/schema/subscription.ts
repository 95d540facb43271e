import type { ResyncReason as Reason } from '../catalog/session-events.ts';
import { toNodeId } from '../entities/node-id.ts';
import { sourceOf } from '../entities/source-of.ts';
import { type SessionsChange as Change, sessionsChanged } from '../resolvers/subscription/sessions-changed.ts';
import { builder } from './builder.ts';
import { Session, Source } from './refs.ts';
import { SessionFilter } from './session-filter.ts';
import { SourceFreshness } from './source-freshness.ts';

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { readonly kind: Kind }>;

const SessionUpserted = builder.objectRef<ChangeOf<'upserted'>>('SessionUpserted').implement({
  description: 'A session that matches the filter is new in the catalog, or has changed.',
  fields: (t) => ({
    session: t.expose('session', {
      type: Session,
      description:
        'The session as it is now. Fields that the catalog does not have are read from its platform when you select them.',
    }),
  }),
});

const SessionGone = builder.objectRef<ChangeOf<'gone'>>('SessionGone').implement({
  description:
    'A session that you may have been told of no longer belongs to your list. You may be told so of a session that you do not have.',
  fields: (t) => ({
    id: t.id({ description: 'The id of the session.', resolve: ({ session }) => toNodeId('session', session) }),
    source: t.field({
      type: Source,
      description: 'The source of the session.',
      resolve: ({ session }, _args, context) => sourceOf(session, context),
    }),
    deleted: t.exposeBoolean('deleted', {
      description: 'Whether its source no longer has it. Otherwise it no longer matches the filter.',
    }),
  }),
});

const SessionsMark = builder.objectRef<ChangeOf<'mark'>>('SessionsMark').implement({
  description:
    'You have been told every change up to here. It comes first, after each batch of changes, and when the `status` of a source changes.',
  fields: (t) => ({
    mark: t.exposeString('mark', {
      description: 'For `since`, when you subscribe again with the same filter. It is opaque: do not parse it.',
    }),
    freshness: t.expose('freshness', {
      type: [SourceFreshness],
      description:
        'How well the catalog knows each source that the filter asks for. Changes of sources that are not followed are not told.',
    }),
  }),
});

const ResyncReason = builder.enumType('ResyncReason', {
  description: 'Why changes were missed.',
  values: {
    MARK_TOO_OLD: { description: 'The changes since the mark are not kept any more.' },
    CATALOG_REBUILT: { description: 'The catalog was lost and is being copied again.' },
    SOURCES_CHANGED: {
      description:
        'The mark is for other sources than the filter asks for, or a source has been removed from the catalog.',
    },
  } as const satisfies Record<Reason, unknown>,
});

const SessionsResync = builder.objectRef<ChangeOf<'resync'>>('SessionsResync').implement({
  description:
    'Changes were missed: list the sessions again. You stay subscribed, and are told what changes from here on.',
  fields: (t) => ({
    reason: t.expose('reason', { type: ResyncReason, description: 'Why.' }),
    mark: t.exposeString('mark', { description: 'Where the changes go on; for `since`, like that of `SessionsMark`.' }),
  }),
});

const typeNames = {
  upserted: 'SessionUpserted',
  gone: 'SessionGone',
  mark: 'SessionsMark',
  resync: 'SessionsResync',
} as const satisfies Record<Change['kind'], string>;

const SessionsChange = builder.unionType('SessionsChange', {
  description: 'One event of `Subscription.sessionsChanged`.',
  types: [SessionUpserted, SessionGone, SessionsMark, SessionsResync],
  resolveType: ({ kind }) => typeNames[kind],
});

builder.subscriptionType({
  description: 'What is told as it happens: by server-sent events, and over a WebSocket where the server is set to.',
  fields: (t) => ({
    sessionsChanged: t.field({
      type: SessionsChange,
      args: {
        filter: t.arg({ type: SessionFilter, description: 'Which sessions to tell of; all when it is not given.' }),
        since: t.arg.string({
          description:
            '`Catalog.mark` of a list, or the last mark that you were told: for every change since then. Without it you are told what changes from now on.',
        }),
      },
      description:
        'The changes of the sessions in the catalog. To keep a list up to date: query the list and its `mark`, then subscribe with the same filter `since` this mark. Each change is told at least once, and those of one session in order; when it changes faster than you read, only its latest state. The stream ends when the server stops or is configured anew: subscribe again `since` the last mark.',
      subscribe: (_root, args, context) => sessionsChanged(args, context),
      resolve: (change) => change,
    }),
  }),
});
