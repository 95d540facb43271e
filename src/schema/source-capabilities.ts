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
  nativeIds: { name: 'NATIVE_IDS', description: '`SessionFilter.nativeIds`.' },
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
  native: {
    name: 'NATIVE',
    description: 'The platform evaluates the filter. The cost does not grow with the number of sessions.',
  },
  local: {
    name: 'LOCAL',
    description:
      'This server reads sessions and evaluates the filter on them. The number of sessions read for one page is limited.',
  },
  never: { name: 'NEVER', description: 'The platform has no such property, so no session of this source matches.' },
};

const orderNames = { createdAt: 'CREATED_AT', updatedAt: 'UPDATED_AT' } as const satisfies Record<OrderField, string>;

const SessionFilterName = builder.enumType('SessionFilterName', {
  description: 'A field of `SessionFilter`.',
  values: valuesOf(filterNames),
});

const FilterSupport = builder.enumType('FilterSupport', {
  description: 'How a source supports a filter.',
  values: valuesOf(supports),
});

const FilterCapability = builder.objectRef<FilterCapabilityShape<FilterName>>('FilterCapability').implement({
  description: 'How a source supports one filter.',
  fields: (t) => ({
    filter: t.expose('filter', { type: SessionFilterName, description: 'The filter.' }),
    support: t.expose('support', { type: FilterSupport, description: 'How it is supported.' }),
  }),
});

SourceCapabilities.implement({
  description: 'What a source supports itself.',
  fields: (t) => ({
    filters: t.field({
      type: [FilterCapability],
      description: 'How each filter of sessions is supported.',
      resolve: ({ filters }) => filterCapabilities(filters),
    }),
    kinds: t.expose('kinds', { type: [SessionKind], description: 'The kinds its sessions can have.' }),
    statuses: t.expose('statuses', { type: [SessionStatus], description: 'The statuses its sessions can have.' }),
    orders: t.field({
      type: [SessionOrderField],
      description:
        'What it can order sessions by. For any other order this server sorts them, if there are few enough; otherwise the source is `UNSUPPORTED` in `outcomes`.',
      resolve: ({ orders }) => orders.map((order) => orderNames[order]),
    }),
    total: t.exposeBoolean('total', { description: 'Whether it reports the number of its sessions.' }),
  }),
});

function valuesOf<Value extends string>(
  words: Readonly<Record<Value, { readonly name: string; readonly description: string }>>,
) {
  const values: Record<string, { value: Value; description: string }> = {};
  for (const value in words) values[words[value].name] = { value, description: words[value].description };
  return values;
}
