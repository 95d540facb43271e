/** The same lists behind Apollo Server, with the data source for REST that its documentation recommends. */

import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { listSessions, sourcesWith } from '../aggregator/list-sessions.ts';
import type { Get, Source } from '../aggregator/platform.ts';
import type { Agent, Row, Status } from '../aggregator/row.ts';
import { createSource, readSettings } from '../aggregator/sources.ts';

interface Context {
  readonly sources: ReadonlyMap<string, Source>;
}

interface SessionsArguments {
  readonly first: number | null;
  readonly after: string | null;
  readonly statuses: readonly Status[] | null;
}

class PlatformApi extends RESTDataSource {
  override baseURL: string;

  constructor(url: string, cache: ApolloServer['cache']) {
    super({ cache });
    this.baseURL = url.endsWith('/') ? url : `${url}/`;
  }

  readonly read: Get = (path, headers) => this.get(path.slice(1), { headers });
}

const typeDefs = `#graphql
  type Query {
    sessions(first: Int = 20, after: String, statuses: [SessionStatus!]): SessionConnection!
  }
  enum SessionStatus { STARTING RUNNING WAITING IDLE FAILED ENDED UNKNOWN }
  type SessionConnection { edges: [SessionEdge!]! pageInfo: PageInfo! }
  type SessionEdge { cursor: String! node: Session! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Session { id: ID! createdAt: String status: SessionStatus! title: String agent: Agent }
  type Agent { id: ID! name: String }
`;

const resolvers = {
  Query: {
    async sessions(_root: unknown, { first, after, statuses }: SessionsArguments, { sources }: Context) {
      const asked = sourcesWith(statuses ?? null, [...sources.values()]);
      const options = { first: first ?? 20, after: after ?? null, statuses: statuses ?? null };
      const { rows, hasNextPage, cursorOf } = await listSessions(asked, options);
      const edges = rows.map((row) => ({ cursor: cursorOf(row), node: row }));
      return { edges, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
    },
  },
  Session: {
    id: ({ source, key }: Row) => `${source}/${key}`,
    async agent({ source, agentId }: Row, _arguments: unknown, { sources }: Context) {
      const agent = agentId === null ? null : await sources.get(source)?.agent(agentId);
      return agent ? { ...agent, source } : null;
    },
  },
  Agent: { id: ({ source, id }: Agent & { readonly source: string }) => `${source}/${id}` },
};

const settings = readSettings();
const server = new ApolloServer<Context>({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async () => ({
    sources: new Map(
      settings.sources.map((source) => {
        const api = new PlatformApi(source.url, server.cache);
        return [source.id, createSource(source, api.read, settings.user)];
      }),
    ),
  }),
});
process.once('SIGTERM', () => process.exit());
process.stdout.write(`${new URL('/graphql', url).href}\n`);
