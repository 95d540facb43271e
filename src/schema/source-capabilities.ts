import type { FilterName } from '../domain/filter.ts';
import type { Capabilities, FilterSupport as FilterSupportShape, OrderField } from '../providers/source.ts';
import {
  type FilterCapability as FilterCapabilityShape,
  filterCapabilities,
} from '../resolvers/source-capabilities/filters.ts';
import { builder } from './builder.ts';
import { SessionKind } from './session-kind.ts';
import { SessionOrderField } from './session-order.ts';
import { SessionStatus } from './session-status.ts';

export const SourceCapabilities = builder.objectRef<Capabilities>('SourceCapabilities');

const filterNames: Readonly<Record<FilterName, { readonly name: string; readonly description: string }>> = {
  kinds: { name: 'KINDS', description: '`SessionFilter.kinds`.' },
  agentKeys: { name: 'AGENTS', description: '`SessionFilter.agents`.' },
  teamKeys: { name: 'TEAMS', description: '`SessionFilter.teams`.' },
  workflowKeys: { name: 'WORKFLOWS', description: '`SessionFilter.workflows`.' },
  userIds: { name: 'USERS', description: '`SessionFilter.users`.' },
  statuses: { name: 'STATUSES', description: '`SessionFilter.statuses`.' },
  search: { name: 'SEARCH', description: '`SessionFilter.search`.' },
  tags: { name: 'TAGS', description: '`SessionFilter.tags`.' },
  createdAt: { name: 'CREATED_AT', description: '`SessionFilter.createdAt`.' },
  updatedAt: { name: 'UPDATED_AT', description: '`SessionFilter.updatedAt`.' },
};

const supports: Readonly<Record<FilterSupportShape, { readonly name: string; readonly description: string }>> = {
  native: { name: 'NATIVE', description: 'The platform filters: cheap, however many sessions there are.' },
  local: {
    name: 'LOCAL',
    description: 'Rows are read and looked at here: right, but only so many are read for one page.',
  },
  never: { name: 'NEVER', description: 'The platform has no such property: nothing of this source matches.' },
};

const orderNames = { createdAt: 'CREATED_AT', updatedAt: 'UPDATED_AT' } as const satisfies Record<OrderField, string>;

const SessionFilterName = builder.enumType('SessionFilterName', {
  description: 'A field of `SessionFilter`.',
  values: valuesOf(filterNames),
});

const FilterSupport = builder.enumType('FilterSupport', {
  description: 'How a source answers a filter.',
  values: valuesOf(supports),
});

const FilterCapability = builder.objectRef<FilterCapabilityShape<FilterName>>('FilterCapability').implement({
  description: 'How a source answers one filter.',
  fields: (t) => ({
    filter: t.expose('filter', { type: SessionFilterName, description: 'The filter.' }),
    support: t.expose('support', { type: FilterSupport, description: 'How it is answered.' }),
  }),
});

SourceCapabilities.implement({
  description: 'What a source can do itself.',
  fields: (t) => ({
    filters: t.field({
      type: [FilterCapability],
      description: 'How each filter of sessions is answered.',
      resolve: ({ filters }) => filterCapabilities(filters),
    }),
    kinds: t.expose('kinds', { type: [SessionKind], description: 'The kinds its sessions can have.' }),
    statuses: t.expose('statuses', { type: [SessionStatus], description: 'The states its sessions can be seen in.' }),
    orders: t.field({
      type: [SessionOrderField],
      description:
        'What it can order by itself. By anything else it is ordered here, as long as it is small enough; else it is UNSUPPORTED in `outcomes`.',
      resolve: ({ orders }) => orders.map((order) => orderNames[order]),
    }),
    total: t.exposeBoolean('total', { description: 'Whether it tells how many sessions there are.' }),
  }),
});

function valuesOf<Value extends string>(
  words: Readonly<Record<Value, { readonly name: string; readonly description: string }>>,
) {
  const values: Record<string, { value: Value; description: string }> = {};
  for (const value in words) values[words[value].name] = { value, description: words[value].description };
  return values;
}
