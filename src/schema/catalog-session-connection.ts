import { maxTop, usualTop } from '../catalog/query.ts';
import type { MatchedField } from '../catalog/search.ts';
import type {
  CatalogSessionConnection as CatalogSessionConnectionShape,
  CatalogSessionEdge as CatalogSessionEdgeShape,
} from '../resolvers/catalog/sessions.ts';
import { catalogFacets } from '../resolvers/catalog-session-connection/facets.ts';
import { builder } from './builder.ts';
import { CatalogFacet, CatalogFacetField } from './catalog-facet.ts';
import { PageInfo } from './page-info.ts';
import { Session } from './refs.ts';
import { SourceFreshness } from './source-freshness.ts';

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

export const CatalogSessionConnection = builder
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
