import { compose, createFederatedGateway, overEvents, overWebSocket } from '../../examples/federation/gateway.ts';
import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { createCatalogReader } from '../../src/catalog/reader.ts';
import { type CatalogStore, unfollowed } from '../../src/catalog/store.ts';
import { toConfig } from '../../src/config/load-config.ts';
import { createContexts } from '../../src/create-context.ts';
import { createApp } from '../../src/server/app.ts';
import { type Check, must, mustEqual } from '../check.ts';

const subscription = `subscription {
  sessionsChanged(filter: { statuses: [RUNNING] }) {
    __typename
    ... on SessionUpserted { session { nativeId source { slug } } }
    ... on SessionGone { source { slug } deleted }
  }
}`;

export function subscriptionChecks(sdl: string): readonly Check[] {
  return [
    {
      name: 'A subscription is passed on event by event, and ends when the client leaves',
      tools: ['@graphql-hive/gateway-runtime'],
      run: () => throughHive(sdl, overEvents, 'by POST and server-sent events'),
    },
    {
      name: 'A subscription is passed on from a WebSocket, and ends when the client leaves',
      tools: ['@graphql-hive/gateway-runtime', '@graphql-mesh/transport-ws'],
      run: () => throughHive(sdl, overWebSocket, 'by graphql-ws'),
    },
  ];
}

async function throughHive(sdl: string, transport: Parameters<typeof createFederatedGateway>[2], way: string): Promise<string> {
  const graph = await startGraph();
  const supergraph = compose([{ name: 'sessions', url: graph.url, sdl }]);
  const gateway = createFederatedGateway(supergraph, null, transport);
  try {
    const leaving = new AbortController();
    const answer = await gateway.fetch(
      new Request('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query: subscription }),
        signal: leaving.signal,
      }),
    );
    must(answer.status === 200 && answer.body !== null, `The gateway answered ${answer.status}.`);
    const events = readEvents(answer.body);
    const change = async () => (await events.next()).value;
    const mark = { __typename: 'SessionsMark' };
    mustEqual(await change(), mark, 'the first event');
    await graph.write('RUNNING');
    const session = { nativeId: 's-1', source: { slug: 'live' } };
    mustEqual([await change(), await change()], [{ __typename: 'SessionUpserted', session }, mark], 'what came to match');
    await graph.write('ENDED');
    const gone = { __typename: 'SessionGone', source: { slug: 'live' }, deleted: false };
    mustEqual([await change(), await change()], [gone, mark], 'what stopped to match');
    must(graph.watching() === 1, 'Nobody watches the catalog.');
    await events.return();
    leaving.abort();
    await until(() => graph.watching() === 0);
    return `${way}; 5 events`;
  } finally {
    await gateway[Symbol.asyncDispose]();
    await graph.close();
  }
}

/** The server over a catalog that is written here, and a platform that is never asked. */
async function startGraph() {
  const store = createMemoryStore({ maxSessions: 10 });
  const writer = await store.lead('live', new AbortController().signal);
  let watching = 0;
  const watched: CatalogStore = {
    ...store,
    watch(listener) {
      watching += 1;
      const unwatch = store.watch(listener);
      return () => {
        watching -= 1;
        unwatch();
      };
    },
  };
  const config = toConfig({
    server: { port: 0, webSocket: true, log: { level: 'silent' } },
    sources: [{ id: 'live', provider: 'everruns', url: 'http://127.0.0.1:9' }],
  });
  const catalog = createCatalogReader({ store: watched, kept: new Set(), followed: ['live'] });
  const app = createApp(config, { contexts: createContexts(config, undefined, catalog) });
  return {
    url: await app.listen(),
    watching: () => watching,
    write: (status: CatalogEntry['status']) => writer.write([{ ...session, status }], 1, unfollowed),
    close: () => app.close(),
  };
}

const session: CatalogEntry = {
  sourceId: 'live',
  key: 's-1',
  provider: 'everruns',
  nativeId: 's-1',
  kind: 'AGENT',
  title: null,
  preview: null,
  status: 'RUNNING',
  nativeStatus: null,
  createdAt: null,
  updatedAt: null,
  userId: null,
  agentKey: null,
  teamKey: null,
  workflowKey: null,
  tags: [],
  totalTokens: null,
};

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data !== undefined) yield (JSON.parse(data) as { data?: { sessionsChanged: unknown } }).data?.sessionsChanged;
    }
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!isSo()) {
    must(performance.now() < end, 'The subscription has not ended at this server.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
