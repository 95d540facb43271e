import { graphql } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import type { CatalogEntry, KeptField } from '../../src/catalog/entry.ts';
import { withoutFields } from '../../src/catalog/entry.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { type CatalogReader, createCatalogReader } from '../../src/catalog/reader.ts';
import type { OperationContext } from '../../src/context.ts';
import { registry } from '../../src/providers/registry.ts';
import { sessionConnection } from '../../src/resolvers/query/sessions.ts';
import { createHarness, type Harness } from '../harness.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { schema } from '../schema/execute.ts';
import { at, entryOf, markOf } from './entries.ts';

const everything: readonly KeptField[] = ['title', 'preview', 'user', 'tags'];

/** A catalog that holds these, and whose source has been swept. */
async function catalogOf(
  entries: readonly CatalogEntry[],
  { kept = everything, swept = true }: { readonly kept?: readonly KeptField[]; readonly swept?: boolean } = {},
): Promise<CatalogReader> {
  const store = createMemoryStore({ maxSessions: 1000 });
  const ids = [...new Set(entries.map(({ sourceId }) => sourceId))];
  const fields = new Set(kept);
  for (const id of ids) {
    const writer = await store.lead(id, new AbortController().signal);
    const own = entries.filter(({ sourceId }) => sourceId === id).map((entry) => withoutFields(entry, fields));
    await writer.write(own, 1, markOf(1, { asOf: 1_700_000_000_000, sweptAt: swept ? 1_700_000_000_000 : null }));
    await writer.release();
  }
  return createCatalogReader({ store, kept: fields, followed: ids });
}

async function ask(context: OperationContext, query: string, variables: Record<string, unknown> = {}) {
  const result = await graphql({ schema, source: query, contextValue: context, variableValues: variables });
  if (result.errors !== undefined) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return JSON.parse(JSON.stringify(result.data));
}

/** Two sources that nobody may ask: nothing listens there. */
function deaf(): Harness {
  const harness = createHarness([
    { id: 'a', provider: 'everruns', url: 'http://127.0.0.1:1' },
    { id: 'b', provider: 'agno', url: 'http://127.0.0.1:1' },
  ]);
  onTestFinished(() => harness.close());
  return harness;
}

const stories = [
  entryOf('1', { title: 'Invoice 77', status: 'RUNNING', createdAt: at('2026-11-01T08:00:00Z'), tags: ['billing'] }),
  entryOf('2', {
    title: 'Refund',
    status: 'WAITING',
    createdAt: at('2026-11-02T08:00:00Z'),
    agentKey: 'bot',
    totalTokens: 70,
  }),
  entryOf('3', {
    preview: 'an invoice again',
    status: 'RUNNING',
    createdAt: at('2026-11-02T09:00:00Z'),
    agentKey: 'bot',
    totalTokens: 500,
  }),
  entryOf('4', {
    sourceId: 'b',
    provider: 'agno',
    kind: 'TEAM',
    title: 'Plan',
    userId: 'ada',
    createdAt: at('2026-11-03T08:00:00Z'),
  }),
];

const page = `query ($search: String, $filter: SessionFilter, $orderBy: CatalogOrder, $first: Int, $after: String, $last: Int, $before: String) {
  catalog {
    sessions(search: $search, filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor matched node { nativeId } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
      precision
    }
  }
}`;

async function pageOf(context: OperationContext, variables: Record<string, unknown>) {
  const { catalog } = await ask(context, page, variables);
  const { edges, pageInfo, totalCount, precision } = catalog.sessions;
  return {
    ids: edges.map((edge: { node: { nativeId: string } }) => edge.node.nativeId).join(' '),
    edges,
    pageInfo,
    totalCount,
    precision,
  };
}

test('there is no catalog where nothing is copied', async () => {
  expect(await ask(deaf().operation(), '{ catalog { freshness { complete } } }')).toEqual({ catalog: null });
});

test('lists, orders, searches and filters without asking a platform', async () => {
  const context = { ...deaf().operation(), catalog: await catalogOf(stories) };
  expect(await pageOf(context, {})).toMatchObject({ ids: '4 3 2 1', totalCount: 4, precision: 'EXACT' });
  expect(await pageOf(context, { orderBy: { field: 'TOKENS' } })).toMatchObject({ ids: '3 2 4 1' });
  expect(await pageOf(context, { orderBy: { field: 'TITLE', direction: 'ASC' } })).toMatchObject({ ids: '3 1 4 2' });
  const found = await pageOf(context, { search: 'INVOICE  ' });
  expect(found).toMatchObject({ ids: '3 1', totalCount: 2 });
  expect(found.edges.map(({ matched }: { matched: string[] }) => matched)).toEqual([['PREVIEW'], ['TITLE']]);
  expect(await pageOf(context, { search: 'invoice 77' })).toMatchObject({ ids: '1' });
  expect(await pageOf(context, { search: 'billing' })).toMatchObject({ ids: '1' });
  expect(await pageOf(context, { filter: { statuses: ['RUNNING'], sources: ['a'] } })).toMatchObject({ ids: '3 1' });
  expect(await pageOf(context, { filter: { users: ['ada'] } })).toMatchObject({ ids: '4', totalCount: 1 });
  expect(await pageOf(context, { filter: { sources: [] } })).toMatchObject({ ids: '', totalCount: 0 });
});

test('pages in both directions, and says what lies on either side', async () => {
  const context = { ...deaf().operation(), catalog: await catalogOf(stories) };
  const first = await pageOf(context, { first: 2 });
  expect(first).toMatchObject({ ids: '4 3', pageInfo: { hasNextPage: true, hasPreviousPage: false } });
  const second = await pageOf(context, { first: 2, after: first.pageInfo.endCursor });
  expect(second).toMatchObject({ ids: '2 1', pageInfo: { hasNextPage: false, hasPreviousPage: true } });
  const beyond = await pageOf(context, { first: 2, after: second.pageInfo.endCursor });
  expect(beyond).toMatchObject({ ids: '', pageInfo: { hasNextPage: false, hasPreviousPage: true, endCursor: null } });
  const last = await pageOf(context, { last: 3 });
  expect(last).toMatchObject({ ids: '3 2 1', pageInfo: { hasNextPage: false, hasPreviousPage: true } });
  const back = await pageOf(context, { last: 3, before: last.pageInfo.startCursor });
  expect(back).toMatchObject({ ids: '4', pageInfo: { hasNextPage: true, hasPreviousPage: false } });
});

test('refuses the cursor of another list, and what is no cursor', async () => {
  const context = { ...deaf().operation(), catalog: await catalogOf(stories) };
  const { pageInfo } = await pageOf(context, { first: 1 });
  const refusal = 'The cursor belongs to a list with another search, filter or order.';
  await expect(pageOf(context, { after: pageInfo.endCursor, search: 'invoice' })).rejects.toThrow(refusal);
  await expect(pageOf(context, { after: pageInfo.endCursor, orderBy: { field: 'TITLE' } })).rejects.toThrow(refusal);
  await expect(pageOf(context, { after: 'x' })).rejects.toThrow(
    'The cursor was not made by this graph, or is incomplete.',
  );
  const words = Array.from({ length: 21 }, (_, index) => `w${index}`).join(' ');
  await expect(pageOf(context, { search: words })).rejects.toThrow(
    '`search` may have at most 20 different words, but there are 21.',
  );
  await expect(pageOf(context, { first: 101 })).rejects.toThrow('`first` must be from 0 to 100, but is 101.');
  await expect(pageOf(context, { filter: { sources: ['c'] } })).rejects.toThrow('There is no source "c".');
});

test('counts by values, each without its own filter', async () => {
  const context = { ...deaf().operation(), catalog: await catalogOf(stories) };
  const query = `query ($filter: SessionFilter) {
    catalog { sessions(filter: $filter, first: 0) { totalCount facets(fields: [STATUS, SOURCE, AGENT, DAY, PROVIDER, USER, TAG, STATUS], top: 2) { field distinct missing values { value count } } } }
  }`;
  const { catalog } = await ask(context, query, { filter: { statuses: ['RUNNING'] } });
  expect(catalog.sessions).toEqual({
    totalCount: 2,
    facets: [
      {
        field: 'STATUS',
        distinct: 3,
        missing: 0,
        values: [
          { value: 'RUNNING', count: 2 },
          { value: 'IDLE', count: 1 },
        ],
      },
      { field: 'SOURCE', distinct: 1, missing: 0, values: [{ value: 'a', count: 2 }] },
      // `agent:a/bot`
      { field: 'AGENT', distinct: 1, missing: 1, values: [{ value: 'YWdlbnQ6YS9ib3Q', count: 1 }] },
      {
        field: 'DAY',
        distinct: 2,
        missing: 0,
        values: [
          { value: '2026-11-01', count: 1 },
          { value: '2026-11-02', count: 1 },
        ],
      },
      { field: 'PROVIDER', distinct: 1, missing: 0, values: [{ value: 'EVERRUNS', count: 2 }] },
      { field: 'USER', distinct: 0, missing: 2, values: [] },
      { field: 'TAG', distinct: 1, missing: 1, values: [{ value: 'billing', count: 1 }] },
    ],
  });
  const source =
    '{ catalog { sessions(filter: { sources: ["a"] }) { facets(fields: [SOURCE]) { values { value node { ... on Source { name } } } } } } }';
  expect(await ask(context, source)).toEqual({
    catalog: {
      sessions: {
        facets: [
          {
            values: [
              { value: 'a', node: { name: 'a' } },
              { value: 'b', node: { name: 'b' } },
            ],
          },
        ],
      },
    },
  });
});

test('says how fresh it is, and when a number is not the whole', async () => {
  const filling = { ...deaf().operation(), catalog: await catalogOf(stories.slice(0, 2), { swept: false }) };
  const query =
    '{ catalog { freshness { source { slug } status asOf sweptAt complete behind sessions } sessions { totalCount precision freshness { status } } } }';
  expect(await ask(filling, query)).toEqual({
    catalog: {
      freshness: [
        {
          source: { slug: 'a' },
          status: 'FILLING',
          asOf: '2023-11-14T22:13:20Z',
          sweptAt: null,
          complete: false,
          behind: null,
          sessions: 2,
        },
        {
          source: { slug: 'b' },
          status: 'NOT_FOLLOWED',
          asOf: null,
          sweptAt: null,
          complete: false,
          behind: null,
          sessions: 0,
        },
      ],
      sessions: {
        totalCount: 2,
        precision: 'AT_LEAST',
        freshness: [{ status: 'FILLING' }, { status: 'NOT_FOLLOWED' }],
      },
    },
  });
});

test('refuses what needs a field that is not kept', async () => {
  const context = { ...deaf().operation(), catalog: await catalogOf(stories, { kept: ['preview'] }) };
  const refusals = [
    [{ filter: { search: 'x' } }, 'The catalog does not keep title, which `filter.search` needs.'],
    [{ filter: { users: ['ada'] } }, 'The catalog does not keep user, which `filter.users` needs.'],
    [{ filter: { tags: ['billing'] } }, 'The catalog does not keep tags, which `filter.tags` needs.'],
    [{ orderBy: { field: 'TITLE' } }, 'The catalog does not keep title, which the order by `TITLE` needs.'],
  ] as const;
  for (const [variables, refusal] of refusals) await expect(pageOf(context, variables)).rejects.toThrow(refusal);
  expect(await pageOf(context, { search: 'invoice' })).toMatchObject({ ids: '3' });
});

interface Started {
  readonly platform: RunningPlatform;
  readonly context: OperationContext;
}

/** The catalog of a running platform, with every session of its list, of which only these fields are kept. */
async function startFilled(provider: 'agno' | 'everruns', kept: readonly KeptField[]): Promise<Started> {
  const platform = await startPlatform({ platform: provider, sessions: 12 });
  const harness = createHarness([{ id: 'live', provider, url: platform.url }]);
  onTestFinished(async () => {
    await harness.close();
    await platform.close();
  });
  const { edges } = await sessionConnection({ first: 100 }, {}, harness.operation());
  const of = registry.find(({ name }) => name === provider);
  const entries = edges.map(({ node: { row: _, complete: __, ...facts }, node }) => ({
    ...facts,
    totalTokens: of?.totalTokensOf(node) ?? null,
  }));
  const catalog = await catalogOf(entries, { kept });
  platform.clearRequests();
  return { platform, context: { ...harness.operation(), catalog } };
}

const common =
  'id nativeId kind status nativeStatus title preview createdAt updatedAt totalTokens user { id } agent { id } team { id } workflow { id }';

test.each(['agno', 'everruns'] as const)(
  'a copy from %s says what the live session says, and asks for nothing',
  async (provider) => {
    const { platform, context } = await startFilled(provider, everything);
    const copies = await ask(context, `{ catalog { sessions(first: 100) { nodes { ${common} } } } }`);
    expect(platform.requests.map(({ url }) => url)).toEqual([]);
    const live = await ask({ ...context, catalog: null }, `{ sessions(first: 100) { nodes { ${common} } } }`);
    expect(copies.catalog.sessions.nodes).toHaveLength(12);
    expect(copies.catalog.sessions).toEqual(live.sessions);
  },
);

test.each([
  ['agno', '... on AgnoSession { sessionState metrics agentId chatHistory { content } }'],
  ['everruns', '... on EverrunsSession { usage { inputTokens } tags organizationId }'],
] as const)('what only %s knows is read from it, once for each session', async (provider, fields) => {
  const { platform, context } = await startFilled(provider, everything);
  const selection = `first: 3) { nodes { nativeId ${fields} messages(first: 1) { totalCount } } }`;
  const copies = await ask(context, `{ catalog { sessions(${selection} } }`);
  const asked = platform.requests.map(({ url }) => new URL(url, 'http://x').pathname.split('/').at(-1));
  const ids: string[] = copies.catalog.sessions.nodes.map(({ nativeId }: { nativeId: string }) => nativeId);
  expect(asked.filter((last) => ids.includes(last ?? '')).sort()).toEqual(ids.toSorted());
  const live = await ask({ ...context, catalog: null }, `{ sessions(${selection} }`);
  expect(copies.catalog.sessions).toEqual(live.sessions);
});

test('what is not kept is read when it is selected, and only then', async () => {
  const { platform, context } = await startFilled('everruns', []);
  const select = (fields: string) => `{ catalog { sessions(first: 2) { nodes { nativeId ${fields} } } } }`;
  await ask(context, select('status totalTokens'));
  expect(platform.requests).toHaveLength(0);
  const { catalog } = await ask(context, select('title preview'));
  const live = await ask({ ...context, catalog: null }, '{ sessions(first: 2) { nodes { nativeId title preview } } }');
  expect(catalog.sessions).toEqual(live.sessions);
});

test('a copy of a session that is gone has what was copied, and an error for the rest', async () => {
  const harness = createHarness([{ id: 'live', provider: 'everruns', url: (await startEmpty()).url }]);
  onTestFinished(() => harness.close());
  const catalog = await catalogOf([entryOf('gone', { sourceId: 'live', title: 'Was here' })]);
  const source =
    '{ catalog { sessions { nodes { nativeId title messages { totalCount } ... on EverrunsSession { locale } } } } }';
  const result = await graphql({ schema, source, contextValue: { ...harness.operation(), catalog } });
  expect(JSON.parse(JSON.stringify(result.data))).toEqual({
    catalog: { sessions: { nodes: [{ nativeId: 'gone', title: 'Was here', messages: null, locale: null }] } },
  });
  const sentence = 'Source "live" has no session "gone" any more; the catalog still has its copy.';
  expect(result.errors?.map(({ message }) => message)).toEqual([sentence, sentence]);
});

async function startEmpty(): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'everruns', sessions: 0 });
  onTestFinished(() => platform.close());
  return platform;
}
