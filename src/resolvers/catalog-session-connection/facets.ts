import {
  type CatalogFacetField,
  type CatalogFacetValue,
  type CatalogFacet as FacetCounts,
  maxTop,
} from '../../catalog/query.ts';
import type { SessionFilterInput } from '../../connections/session-filter.ts';
import type { OperationContext } from '../../context.ts';
import { RequestError } from '../../domain/errors.ts';
import { loadEntity } from '../../entities/load-entity.ts';
import { toNodeId } from '../../entities/node-id.ts';
import type { Source } from '../../providers/source.ts';
import { type CatalogSessionConnection, requireKept } from '../catalog/sessions.ts';
import type { EntityNode } from '../query/node.ts';

export interface CatalogFacet extends Omit<FacetCounts, 'values'> {
  readonly field: CatalogFacetField;
  readonly values: readonly FacetValue[];
}

export interface FacetValue extends CatalogFacetValue {
  readonly field: CatalogFacetField;
}

/** The filter that a facet leaves out, so that it shows what else could be chosen. */
const ownFilters: Readonly<Record<CatalogFacetField, keyof SessionFilterInput>> = {
  source: 'sources',
  provider: 'providers',
  kind: 'kinds',
  status: 'statuses',
  agent: 'agents',
  team: 'teams',
  user: 'users',
  tag: 'tags',
  day: 'createdAt',
};

export function catalogFacets(
  { listed: { catalog, without } }: CatalogSessionConnection,
  { fields, top }: { readonly fields: readonly CatalogFacetField[]; readonly top: number },
): readonly Promise<CatalogFacet>[] {
  if (top < 1 || top > maxTop) {
    throw new RequestError('BAD_USER_INPUT', `\`top\` must be from 1 to ${maxTop}, but is ${top}.`);
  }
  return [...new Set(fields)].map(async (field) => {
    if (field === 'user') requireKept('the facet `USER`', ['user'], catalog.kept);
    if (field === 'tag') requireKept('the facet `TAG`', ['tags'], catalog.kept);
    const counts = await catalog.store.facet(without(ownFilters[field]), field, top);
    return { ...counts, field, values: counts.values.map((value) => ({ ...value, field })) };
  });
}

/** As the filter of sessions takes it. */
export function facetValue({ field, sourceId, value }: FacetValue): string {
  if (sourceId !== null && (field === 'agent' || field === 'team')) return toNodeId(field, { sourceId, key: value });
  return field === 'provider' ? value.toUpperCase() : value;
}

/** What a value names, where that is an object of the graph. */
export async function facetNode(
  { field, sourceId, value }: FacetValue,
  context: OperationContext,
): Promise<EntityNode | Source | null> {
  if (field === 'source') return context.sources.get(value) ?? null;
  if (sourceId === null || (field !== 'agent' && field !== 'team')) return null;
  const record = await loadEntity(field, { sourceId, key: value }, context);
  return record === null ? null : { ...record, entity: field };
}
