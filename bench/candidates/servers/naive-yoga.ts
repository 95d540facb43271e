/** The same lists behind GraphQL, as the documentation of Yoga and Pothos would have it. */
import { createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import { createYoga } from 'graphql-yoga';
import { listSessions, sourcesWith } from '../aggregator/list-sessions.ts';
import type { Source } from '../aggregator/platform.ts';
import type { Agent, Row, Status } from '../aggregator/row.ts';
import { createSource, readSettings } from '../aggregator/sources.ts';
import { undiciGet } from '../aggregator/undici-get.ts';
import { announce } from './announce.ts';

interface Context {
  readonly sources: ReadonlyMap<string, Source>;
}

const settings = readSettings();
const platforms = settings.sources.map((source) => ({ source, get: undiciGet(source) }));
const builder = new SchemaBuilder<{ Context: Context }>({ plugins: [RelayPlugin], relay: {} });

const statuses = ['STARTING', 'RUNNING', 'WAITING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN'] as const satisfies Status[];
const SessionStatus = builder.enumType('SessionStatus', { values: statuses });

const AgentType = builder.objectRef<Agent & { readonly source: string }>('Agent').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ source, id }) => `${source}/${id}` }),
    name: t.exposeString('name', { nullable: true }),
  }),
});

const Session = builder.objectRef<Row>('Session').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ source, key }) => `${source}/${key}` }),
    createdAt: t.exposeString('createdAt', { nullable: true }),
    status: t.expose('status', { type: SessionStatus }),
    title: t.exposeString('title', { nullable: true }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      async resolve({ source, agentId }, _arguments, { sources }) {
        const agent = agentId === null ? null : await sources.get(source)?.agent(agentId);
        return agent ? { ...agent, source } : null;
      },
    }),
  }),
});

builder.queryType({
  fields: (t) => ({
    sessions: t.connection({
      type: Session,
      args: { statuses: t.arg({ type: [SessionStatus] }) },
      async resolve(_root, { first, after, statuses: wanted }, { sources }) {
        const options = { first: first ?? 20, after: after ?? null, statuses: wanted ?? null };
        const { rows, hasNextPage, cursorOf } = await listSessions(
          sourcesWith(options.statuses, [...sources.values()]),
          options,
        );
        const edges = rows.map((row) => ({ cursor: cursorOf(row), node: row }));
        const [start, end] = [edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null];
        return {
          edges,
          pageInfo: { hasNextPage, hasPreviousPage: after !== null, startCursor: start, endCursor: end },
        };
      },
    }),
  }),
});

const yoga = createYoga<object, Context>({
  schema: builder.toSchema(),
  context: () => ({
    sources: new Map(platforms.map(({ source, get }) => [source.id, createSource(source, get, settings.user)])),
  }),
});
announce(createServer(yoga));
