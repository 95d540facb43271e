import { askAt, dataOf } from '../../examples/company/ask.ts';
import type { SessionGraph } from '../../examples/company/session-graph.ts';
import { type Check, must, mustEqual } from '../check.ts';
import { walkWithApollo } from './walk-apollo.ts';
import { refetchWithRelay, walkBackWithRelay, walkWithRelay } from './walk-relay.ts';
import { walkWithUrql } from './walk-urql.ts';

/** The ids in a client's cache once it has fetched the last page, and how many pages that took. */
export interface Walk {
  readonly ids: readonly string[];
  readonly pages: number;
}

interface Client {
  readonly name: string;
  readonly tools: readonly string[];
  walk(url: string, size: number): Promise<Walk>;
}

const clients: readonly Client[] = [
  { name: 'relay-runtime with what relay-compiler wrote', tools: ['relay-runtime'], walk: walkWithRelay },
  {
    name: 'urql with `relayPagination` of graphcache',
    tools: ['@urql/core', '@urql/exchange-graphcache'],
    walk: walkWithUrql,
  },
  { name: 'Apollo Client with `relayStylePagination`', tools: ['@apollo/client'], walk: walkWithApollo },
];

const size = 30;

export function clientChecks(sessions: SessionGraph): readonly Check[] {
  return [
    ...clients.map(
      (client): Check => ({
        name: `Every session once, ${size} at a time: ${client.name}`,
        tools: client.tools,
        async run() {
          const expected = await allSessions(sessions);
          const { ids, pages } = await client.walk(sessions.url, size);
          mustEqual(ids, expected, 'the list of sessions');
          must(pages === Math.ceil(expected.length / size), `It took ${pages} pages.`);
          return `${ids.length} sessions of ${sessions.sources} sources in ${pages} pages`;
        },
      }),
    ),
    {
      name: 'A list inside a node, walked from its end through `node`',
      tools: ['relay-runtime'],
      async run() {
        const { sources } = await dataOf<{ readonly sources: readonly { readonly id: string }[] }>(
          askAt(sessions.url)('{ sources { id } }'),
        );
        const walked: string[] = [];
        for (const { id } of sources) walked.push(...(await walkBackWithRelay(sessions.url, id, 7)).ids);
        mustEqual([...walked].sort(), [...(await allSessions(sessions))].sort(), 'the list of sessions');
        return `${walked.length} sessions of ${sources.length} sources, 7 at a time`;
      },
    },
    {
      name: 'A fragment on the interface `Session` is refetched through `node`',
      tools: ['relay-runtime'],
      async run() {
        const ids = await readableSessions(sessions);
        for (const id of ids) await refetchWithRelay(sessions.url, id);
        return `${ids.length} sessions of ${sessions.sources} sources`;
      },
    },
  ];
}

/** Of the 400 of the sample data; the others belong to users of AgentScope who are not asked for. */
const visibleSessions = 385;

/** All ids in order. How many there must be is known, so that no two walks can be wrong in the same way. */
async function allSessions({ url }: SessionGraph): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const { sessions }: { readonly sessions: Page } = await dataOf(askAt(url)(pageQuery, { after }));
    ids.push(...sessions.nodes.map(({ id }) => id));
    after = sessions.pageInfo.hasNextPage ? sessions.pageInfo.endCursor : null;
  } while (after !== null);
  must(
    ids.length === visibleSessions && new Set(ids).size === visibleSessions,
    `${ids.length} sessions were listed, there are ${visibleSessions}.`,
  );
  return ids;
}

/** One of each source, of those that are not gone although a platform still lists them. */
async function readableSessions({ url }: SessionGraph): Promise<readonly string[]> {
  const ask = askAt(url);
  const { sources } = await dataOf<{ readonly sources: readonly { readonly sessions: Pick<Page, 'nodes'> }[] }>(
    ask('{ sources { sessions(first: 20) { nodes { id } } } }'),
  );
  const readable: string[] = [];
  for (const { sessions } of sources) {
    const { sessionsById } = await dataOf<{ readonly sessionsById: readonly ({ readonly id: string } | null)[] }>(
      ask('query ($ids: [ID!]!) { sessionsById(ids: $ids) { id } }', { ids: sessions.nodes.map(({ id }) => id) }),
    );
    const id = sessionsById.find((session) => session !== null)?.id;
    must(id !== undefined, 'A source has no session that can be read.');
    readable.push(id);
  }
  return readable;
}

const pageQuery = `query ($after: String) {
  sessions(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
}`;

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
