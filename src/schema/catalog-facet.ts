import type { CatalogFacetField as FacetField } from '../catalog/query.ts';
import {
  type CatalogFacet as CatalogFacetShape,
  type FacetValue,
  facetNode,
  facetValue,
} from '../resolvers/catalog-session-connection/facets.ts';
import { builder } from './builder.ts';
import { Node } from './refs.ts';

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

export const CatalogFacetField = builder.enumType('CatalogFacetField', {
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

export const CatalogFacet = builder.objectRef<CatalogFacetShape>('CatalogFacet').implement({
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
