import type { SourceFreshness as SourceFreshnessShape, FollowStatus as Status } from '../catalog/freshness.ts';
import { type CatalogFacetField as FacetField, maxTop, usualTop } from '../catalog/query.ts';
import type { MatchedField } from '../catalog/search.ts';
import { instantFromSeconds } from '../domain/instant.ts';
import { sourceOf } from '../entities/source-of.ts';
import { catalogFreshness } from '../resolvers/catalog/freshness.ts';
import {
  type CatalogOrderInput,
  type CatalogSessionConnection as CatalogSessionConnectionShape,
  type CatalogSessionEdge as CatalogSessionEdgeShape,
  catalogSessions,
} from '../resolvers/catalog/sessions.ts';
import {
  type CatalogFacet as CatalogFacetShape,
  catalogFacets,
  type FacetValue,
  facetNode,
  facetValue,
} from '../resolvers/catalog-session-connection/facets.ts';
import type { Catalog as CatalogShape } from '../resolvers/query/catalog.ts';
import { builder } from './builder.ts';
import { OrderDirection } from './order-direction.ts';
import { PageInfo } from './page-info.ts';
import { Node, Session, Source } from './refs.ts';
import { SessionFilter } from './session-filter.ts';

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

const MatchField = builder.enumType('CatalogMatch', {
  description: 'A field in which a word of a search was found.',
  values: {
    TITLE: { description: '`title`.' },
    PREVIEW: { description: '`preview`.' },
    NATIVE_ID: { description: '`nativeId`.' },
    USER: { description: 'The id of the `user`.' },
    TAG: { description: 'A tag.' },
  } as const satisfies Record<MatchedField, unknown>,
});

const CountPrecision = builder.enumType('CountPrecision', {
  description: 'What a number says.',
  values: {
    EXACT: {
      description: 'It is exact as of `asOf` of each source, except for sessions that were deleted since `sweptAt`.',
    },
    AT_LEAST: { description: 'There may be more: a source is not completely in the catalog, or not at all.' },
  } as const,
});

const CatalogSessionEdge = builder.objectRef<CatalogSessionEdgeShape>('CatalogSessionEdge').implement({
  description: 'One session of a page, with its cursor.',
  fields: (t) => ({
    node: t.expose('node', {
      type: Session,
      description:
        'The session. Fields that the catalog does not have are read from its platform when you select them.',
    }),
    cursor: t.string({
      description: 'The position of the session in the list, for `after` and `before`.',
      resolve: (edge) => edge.cursor(),
    }),
    matched: t.expose('matched', {
      type: [MatchField],
      description: 'Where words of `search` were found. Empty without `search`.',
    }),
  }),
});

const facetFields: Readonly<Record<string, { readonly value: FacetField; readonly description: string }>> = {
  SOURCE: { value: 'source', description: 'The slug of the source.' },
  PROVIDER: { value: 'provider', description: 'The kind of platform, by its name in `Provider`.' },
  KIND: { value: 'kind', description: 'The kind of session, by its name in `SessionKind`.' },
  STATUS: { value: 'status', description: 'The status, by its name in `SessionStatus`.' },
  AGENT: { value: 'agent', description: 'The id of the agent.' },
  TEAM: { value: 'team', description: 'The id of the team.' },
  USER: { value: 'user', description: 'The id of the end user.' },
  TAG: { value: 'tag', description: 'A tag. A session counts once for each of its tags.' },
  DAY: { value: 'day', description: 'The day of creation in UTC, such as `2026-11-21`.' },
};

const CatalogFacetField = builder.enumType('CatalogFacetField', {
  description: 'What sessions can be counted by.',
  values: facetFields,
});

const CatalogFacetValue = builder.objectRef<FacetValue>('CatalogFacetValue').implement({
  description: 'A value that sessions have, and how many have it.',
  fields: (t) => ({
    value: t.string({
      description: 'The value, as the filter of sessions takes it.',
      resolve: (value) => facetValue(value),
    }),
    count: t.exposeInt('count', { description: 'How many sessions have it.' }),
    node: t.field({
      type: Node,
      nullable: true,
      description:
        'The source, agent or team that the value names. Agents and teams are read from their platform; null when they no longer exist, and for all other fields.',
      resolve: (value, _args, context) => facetNode(value, context),
    }),
  }),
});

const CatalogFacet = builder.objectRef<CatalogFacetShape>('CatalogFacet').implement({
  description: 'The sessions of a list, counted by the values of one field.',
  fields: (t) => ({
    field: t.expose('field', { type: CatalogFacetField, description: 'The field.' }),
    values: t.expose('values', {
      type: [CatalogFacetValue],
      description: 'Its values, the most frequent first, at most as many as `top`.',
    }),
    distinct: t.exposeInt('distinct', { description: 'How many different values there are.' }),
    missing: t.exposeInt('missing', { description: 'How many sessions have no value.' }),
  }),
});

const CatalogSessionConnection = builder
  .objectRef<CatalogSessionConnectionShape>('CatalogSessionConnection')
  .implement({
    description: 'A page of the sessions in the catalog.',
    fields: (t) => ({
      edges: t.expose('edges', { type: [CatalogSessionEdge], description: 'The sessions with their cursors.' }),
      nodes: t.field({
        type: [Session],
        description: 'The sessions without cursors.',
        resolve: ({ edges }) => edges.map(({ node }) => node),
      }),
      pageInfo: t.expose('pageInfo', {
        type: PageInfo,
        description: 'Whether more pages come before and after this one, and the cursors that lead to them.',
      }),
      totalCount: t.int({
        description: 'The number of sessions in the whole list, as far as they are in the catalog.',
        resolve: (connection) => connection.totalCount(),
      }),
      precision: t.field({
        type: CountPrecision,
        description:
          'Whether `totalCount` and the numbers of facets are exact. The facets `SOURCE` and `PROVIDER` count sources that the filter leaves out, too: `Catalog.freshness` says how well they are known.',
        resolve: async (connection) =>
          (await connection.freshness()).every(({ complete }) => complete) ? 'EXACT' : 'AT_LEAST',
      }),
      facets: t.field({
        type: [CatalogFacet],
        args: {
          fields: t.arg({ type: [CatalogFacetField], required: true, description: 'What to count by.' }),
          top: t.arg.int({
            required: true,
            defaultValue: usualTop,
            description: `The number of values of each field, at most ${maxTop}.`,
          }),
        },
        description:
          'The sessions of the whole list, counted by values. Each facet leaves out the filter of its own field, so that it shows what else could be chosen.',
        resolve: (connection, args) => catalogFacets(connection, args),
      }),
      freshness: t.field({
        type: [SourceFreshness],
        description: 'How well the catalog knows each source in the list.',
        resolve: (connection) => connection.freshness(),
      }),
    }),
  });

const CatalogOrderField = builder.enumType('CatalogOrderField', {
  description: 'What the sessions of the catalog can be ordered by.',
  values: {
    CREATED_AT: { value: 'createdAt', description: 'When the session was created.' },
    UPDATED_AT: {
      value: 'updatedAt',
      description:
        'When the session was last active. Where the platform does not report activity, the time of creation counts.',
    },
    TOKENS: {
      value: 'totalTokens',
      description: '`totalTokens`. Sessions without a number come first in `ASC` and last in `DESC`.',
    },
    TITLE: {
      value: 'title',
      description: 'The title, ignoring case. Sessions without one come first in `ASC` and last in `DESC`.',
    },
  } as const satisfies Record<string, { readonly value: CatalogOrderInput['field']; readonly description: string }>,
});

const CatalogOrder = builder.inputType('CatalogOrder', {
  description:
    'The order of sessions in the catalog. Sessions that compare equal are ordered by source and id, so the order is always the same.',
  fields: (t) => ({
    field: t.field({
      type: CatalogOrderField,
      required: true,
      defaultValue: 'createdAt',
      description: 'What to order by.',
    }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'DESC',
      description: 'The direction of the order.',
    }),
  }),
});

export const Catalog = builder.objectRef<CatalogShape>('Catalog').implement({
  description:
    'A copy of the sessions of those sources that are set to be copied, kept up to date in the background. It can search, count and order them by anything; `freshness` says how old it is. The list `sessions` of the query root is always of now.',
  fields: (t) => ({
    sessions: t.field({
      type: CatalogSessionConnection,
      nullable: true,
      args: {
        ...t.arg.connectionArgs(),
        search: t.arg.string({
          description:
            'Only sessions in which every word of this text is found: in the title, the preview, the native id, the id of the user or a tag, ignoring case.',
        }),
        filter: t.arg({ type: SessionFilter, description: 'Which sessions to include; all when it is not given.' }),
        orderBy: t.arg({
          type: CatalogOrder,
          description: 'The order of the sessions; newest first when it is not given.',
        }),
      },
      description:
        'The sessions that match. No platform is asked, unless you select fields that the catalog does not have.',
      resolve: (catalog, args, context) => catalogSessions(catalog, args, context),
    }),
    mark: t.string({
      description:
        'Where the catalog stands, for `since` of `Subscription.sessionsChanged`: it tells every change that is not in the lists of this `catalog` yet. When you list several pages, take the mark of the first.',
      resolve: ({ mark }) => mark ?? '',
    }),
    freshness: t.field({
      type: [SourceFreshness],
      description: 'How well the catalog knows each configured source, in the order of the configuration.',
      resolve: (catalog, _args, context) => catalogFreshness(catalog, context),
    }),
  }),
});

function toInstant(millis: number | null) {
  return instantFromSeconds(millis === null ? null : millis / 1000);
}
