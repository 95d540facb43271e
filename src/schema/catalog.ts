import { catalogFreshness } from '../resolvers/catalog/freshness.ts';
import { type CatalogOrderInput, catalogSessions } from '../resolvers/catalog/sessions.ts';
import type { Catalog as CatalogShape } from '../resolvers/query/catalog.ts';
import { builder } from './builder.ts';
import { CatalogSessionConnection } from './catalog-session-connection.ts';
import { OrderDirection } from './order-direction.ts';
import { SessionFilter } from './session-filter.ts';
import { SourceFreshness } from './source-freshness.ts';

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
