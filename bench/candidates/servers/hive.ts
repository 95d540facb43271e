/** The platforms' OpenAPI documents as one graph behind Hive Gateway, with the merged list as an additional field of it. */
import { createServer } from 'node:http';
import { createGatewayRuntime, type GatewayContext } from '@graphql-hive/gateway-runtime';
import { composeSubgraphs } from '@graphql-mesh/fusion-composition';
import rest from '@graphql-mesh/transport-rest';
import { DefaultLogger } from '@graphql-mesh/utils';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import type { GraphQLResolveInfo } from 'graphql';
import { listSessions, sourcesWith } from '../aggregator/list-sessions.ts';
import type { Get, Source } from '../aggregator/platform.ts';
import type { Agent, Row, Status } from '../aggregator/row.ts';
import { createSource, readSettings, type SourceSettings } from '../aggregator/sources.ts';
import { platforms } from '../openapi/platforms.ts';
import { announce } from './announce.ts';

interface SessionsArguments {
  readonly first: number;
  readonly after?: string | null;
  readonly statuses?: readonly Status[] | null;
}

/** The fields of a platform's graph, as the gateway gives them to resolvers. */
type Sdk = Readonly<
  Record<
    string,
    {
      readonly Query: Readonly<
        Record<
          string,
          (options: {
            readonly root: unknown;
            readonly args: Readonly<Record<string, unknown>>;
            readonly context: GatewayContext;
            readonly info: GraphQLResolveInfo;
            readonly selectionSet: string;
          }) => Promise<unknown>
        >
      >;
    }
  >
>;

const settings = readSettings();
const logger = new DefaultLogger();
const subgraphs = await Promise.all(
  settings.sources.map(async ({ id, provider, url }) => {
    const { document, headers } = platforms[provider];
    const load = loadOpenAPISubgraph(id, { source: document, endpoint: url, operationHeaders: headers(settings.user) });
    return { name: id, schema: await load({ fetch, cwd: process.cwd(), logger }).schema$ };
  }),
);
const { supergraphSdl, errors } = composeSubgraphs(subgraphs);
if (errors !== undefined) throw new AggregateError(errors, 'The platforms do not compose.');

const typeDefs = /* GraphQL */ `
  extend type Query {
    sessions(first: Int! = 20, after: String, statuses: [SessionStatus!]): SessionConnection!
  }
  enum SessionStatus { STARTING RUNNING WAITING IDLE FAILED ENDED UNKNOWN }
  type SessionConnection { edges: [SessionEdge!]! pageInfo: PageInfo! }
  type SessionEdge { cursor: String! node: Session! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Session { id: ID! createdAt: String status: SessionStatus! title: String agent: Agent }
  type Agent { id: ID! name: String }
`;

interface SessionNode extends Row {
  readonly from: Source;
}

const gateway = createGatewayRuntime({
  supergraph: supergraphSdl,
  transports: { rest },
  additionalTypeDefs: typeDefs,
  logging: false,
  landingPage: false,
  additionalResolvers: {
    Query: {
      sessions: async (
        root: unknown,
        { first, after = null, statuses = null }: SessionsArguments,
        context: GatewayContext,
        info: GraphQLResolveInfo,
      ) => {
        const all = settings.sources.map((source) =>
          createSource(source, gatewayGet(source, { root, context, info }), settings.user),
        );
        const byId = new Map(all.map((source) => [source.id, source]));
        const page = await listSessions(sourcesWith(statuses, all), { first, after, statuses });
        const edges = page.rows.map((row) => ({
          cursor: page.cursorOf(row),
          node: { ...row, from: byId.get(row.source) },
        }));
        return { edges, pageInfo: { hasNextPage: page.hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
      },
    },
    Session: {
      id: ({ source, key }: SessionNode) => `${source}/${key}`,
      agent: async ({ source, agentId, from }: SessionNode) => {
        const agent = agentId === null ? null : await from.agent(agentId);
        return agent ? { ...agent, source } : null;
      },
    },
    Agent: { id: ({ source, id }: Agent & { readonly source: string }) => `${source}/${id}` },
  },
});

/** What the lists ask for, as a field of the gateway's graph. */
function gatewayGet(
  { id, provider }: SourceSettings,
  {
    root,
    context,
    info,
  }: { readonly root: unknown; readonly context: GatewayContext; readonly info: GraphQLResolveInfo },
): Get {
  return (target) => {
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const parameters = new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1));
    const args: Record<string, unknown> = {};
    for (const [name, value] of parameters) {
      args[name.replace('-', '_')] = /^(limit|offset|page)$/.test(name) ? Number(value) : value;
    }
    for (const { path: pattern, field, selection } of platforms[provider].routes) {
      const match = pattern.exec(path);
      if (match === null) continue;
      const ask = (context as unknown as Sdk)[id]?.Query[field];
      if (ask === undefined) throw new Error(`The gateway has no ${field} of ${id}.`);
      return ask({ root, args: { ...args, ...match.groups }, context, info, selectionSet: selection });
    }
    throw new Error(`The gateway has no field for ${target}.`);
  };
}

announce(createServer(gateway));
