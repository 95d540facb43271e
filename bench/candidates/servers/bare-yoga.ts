/** Yoga without anything behind it, with limits like ours: what a query costs before it asks for anything. */
import { createServer } from 'node:http';
import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor';
import { createSchema, createYoga } from 'graphql-yoga';
import { announce } from './announce.ts';

const yoga = createYoga({
  schema: createSchema({ typeDefs: 'type Query { nothing: String }' }),
  plugins: [
    EnvelopArmorPlugin({
      maxDepth: { n: 16 },
      maxAliases: { n: 50 },
      maxTokens: { n: 4000 },
      costLimit: { maxCost: 5000 },
    }),
  ],
});
announce(createServer(yoga));
