import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import RelayPlugin from '@pothos/plugin-relay';
import type { OperationContext } from '../context.ts';
import type { Instant } from '../domain/instant.ts';
import './cost-directives.ts';
import { resolveNodeType } from './node.ts';

interface OwnTypes {
  Context: OperationContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Instant; Output: Instant };
    JSON: { Input: unknown; Output: unknown };
  };
}

export type Types = PothosSchemaTypes.ExtendDefaultTypes<OwnTypes>;

export const builder = new SchemaBuilder<OwnTypes>({
  plugins: [RelayPlugin, DirectivesPlugin, FederationPlugin, 'costDirectives'],
  defaultFieldNullability: false,
  relay: {
    nodeTypeOptions: {
      description: 'Anything that can be queried again by its id alone.',
      resolveType: resolveNodeType,
    },
    idFieldOptions: { description: 'Unique in the whole graph. It is opaque: do not parse it.' },
    // The plugin decodes ids before it resolves anything, so that one bad id would fail all of `nodes`: see query.ts.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    firstArgOptions: {
      description:
        'The number of items from the beginning of the list, at most 100. It is 20 when neither `first` nor `last` is given.',
    },
    afterArgOptions: { description: 'Only the items after this cursor.' },
    lastArgOptions: {
      description: 'The number of items from the end of the list, at most 100. It cannot be combined with `first`.',
    },
    beforeArgOptions: { description: 'Only the items before this cursor.' },
  },
});

export type ObjectFields<Parent> = PothosSchemaTypes.ObjectFieldBuilder<Types, Parent>;
export type QueryFields = PothosSchemaTypes.QueryFieldBuilder<Types, Types['Root']>;
