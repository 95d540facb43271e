/** One endpoint for one page of sessions with their agents, and nothing else: no GraphQL. */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { listSessions, type Page, sourcesWith } from '../aggregator/list-sessions.ts';
import type { Source } from '../aggregator/platform.ts';
import type { Row, Status } from '../aggregator/row.ts';
import { createSource, readSettings } from '../aggregator/sources.ts';
import { undiciGet } from '../aggregator/undici-get.ts';
import { announce } from './announce.ts';

interface Body {
  readonly variables?: {
    readonly first?: number;
    readonly after?: string | null;
    readonly statuses?: readonly Status[] | null;
  };
}

const settings = readSettings();
const platforms = settings.sources.map((source) => ({ source, get: undiciGet(source) }));

const server = createServer((request, response) => {
  answer(request).then(
    (content) => {
      const length = Buffer.byteLength(content);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': length }).end(content);
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      response.writeHead(502).end();
    },
  );
});
announce(server);

async function answer(request: IncomingMessage): Promise<string> {
  const { variables = {} } = JSON.parse(await text(request)) as Body;
  const { first = 20, after = null, statuses = null } = variables;
  const viewer = request.headers['x-viewer'];
  const user = typeof viewer === 'string' ? viewer : settings.user;
  const all = platforms.map(({ source, get }) => createSource(source, get, user));
  const sources = sourcesWith(statuses, all);
  for (const source of sources) source.prepareAgents();
  const page = await listSessions(sources, { first, after, statuses });
  return JSON.stringify({
    data: { sessions: await toConnection(page, new Map(all.map((source) => [source.id, source]))) },
  });
}

async function toConnection({ rows, hasNextPage, cursorOf }: Page, sources: ReadonlyMap<string, Source>) {
  const edges = await Promise.all(
    rows.map(async (row) => ({ cursor: cursorOf(row), node: await toNode(row, sources) })),
  );
  return { edges, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
}

async function toNode({ source, key, createdAt, status, title, agentId }: Row, sources: ReadonlyMap<string, Source>) {
  const agent = agentId === null ? null : await sources.get(source)?.agent(agentId);
  return {
    id: `${source}/${key}`,
    createdAt,
    status,
    title,
    agent: agent ? { id: `${source}/${agent.id}`, name: agent.name } : null,
  };
}
