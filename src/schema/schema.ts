import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './agent.ts';
import './date-time.ts';
import './json.ts';
import './message.ts';
import './provider-types.ts';
import './query.ts';
import './session.ts';
import './source.ts';
import './subscription.ts';
import './team.ts';
import './user.ts';
import './workflow.ts';
import { completeSubgraph } from './subgraph.ts';

/** The whole graph, as a subgraph that can also stand alone. `@cost` and `@listSize` need version 2.9 of the specification. */
export function createSchema(): GraphQLSchema {
  return completeSubgraph(
    builder.toSubGraphSchema({
      linkUrl: 'https://specs.apollo.dev/federation/v2.9',
      federationDirectives: ['@cost', '@key', '@listSize', '@shareable'],
    }),
  );
}
