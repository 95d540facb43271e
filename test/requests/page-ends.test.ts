import { expect, test } from 'vitest';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { type Asked, open, unshared } from '../server/ask.ts';

interface World extends AsyncDisposable {
  readonly platforms: readonly RunningPlatform[];
  readonly server: Asked;
}

/** Everruns sources of these sizes: each is one list in one request. */
async function start(...sizes: readonly number[]): Promise<World> {
  return serve(
    await Promise.all(
      sizes.map((sessions, index) => startPlatform({ platform: 'everruns', sessions, seed: index + 1 })),
    ),
  );
}

/** The server over them, as sources s1, s2 and so on. */
function serve(platforms: readonly RunningPlatform[]): World {
  const server = open({
    server: { ...unshared, limits: { http: { retries: 0, breakerFailures: 1_000 } } },
    sources: platforms.map(({ url, platform }, index) => ({ id: `s${index + 1}`, provider: platform, url })),
  });
  return {
    platforms,
    server,
    async [Symbol.asyncDispose]() {
      await server.app.close();
      await Promise.all(platforms.map((platform) => platform.close()));
    },
  };
}

interface Page {
  readonly data: {
    readonly sessions: {
      readonly nodes: readonly { readonly id: string }[];
      readonly pageInfo: {
        readonly hasNextPage: boolean;
        readonly hasPreviousPage: boolean;
        readonly endCursor: string | null;
      };
    } | null;
  };
  readonly errors?: readonly unknown[];
}

async function ask(server: Asked, after: string | null, fields = 'nodes { id }', first = 20): Promise<Page> {
  const query = `query ($after: String) { sessions(first: ${first}, after: $after) {
    ${fields} pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
  return (await server.ask({ query, variables: { after } })).json as Page;
}

test('a walk never says that the list ends while a source that failed may have more, and none is lost when it is back', async () => {
  await using world = await start(90, 70, 50);
  const { platforms, server } = world;
  const seen: string[] = [];
  let after: string | null = null;
  let lift: (() => void) | null = null;
  let failed: Page | null = null;
  for (let number = 1; failed === null; number += 1) {
    if (number === 3) lift = platforms[0]?.fail({ kind: 'status', status: 500 }) ?? null;
    const page: Page = await ask(server, after);
    if (page.data.sessions === null) {
      failed = page;
      break;
    }
    const { nodes, pageInfo } = page.data.sessions;
    expect(nodes.length).toBeGreaterThan(0);
    expect(pageInfo.hasNextPage).toBe(true);
    seen.push(...nodes.map(({ id }) => id));
    after = pageInfo.endCursor;
  }
  // The others are at their end; the one that is not is the error.
  expect(failed.errors).toMatchObject([
    { path: ['sessions'], extensions: { code: 'UPSTREAM_UNAVAILABLE', source: 's1', retryable: true } },
  ]);
  const withoutOne = seen.length;
  expect(withoutOne).toBeGreaterThan(120);
  expect(withoutOne).toBeLessThan(210);
  lift?.();
  for (let more = true; more; ) {
    const { sessions } = (await ask(server, after)).data;
    if (sessions === null) throw new Error('The source is back, but the page failed.');
    seen.push(...sessions.nodes.map(({ id }) => id));
    after = sessions.pageInfo.endCursor;
    more = sessions.pageInfo.hasNextPage;
  }
  expect(seen).toHaveLength(210);
  expect(new Set(seen).size).toBe(210);
});

test('when every source fails, the client learns what went wrong with each', async () => {
  await using world = await start(5, 5);
  const { platforms, server } = world;
  platforms[0]?.fail({ kind: 'status', status: 503 });
  platforms[1]?.fail({ kind: 'status', status: 401 });
  const answer = (await ask(server, null)) as unknown;
  expect(answer).toMatchObject({
    data: { sessions: null },
    errors: [
      {
        message:
          'No source could be read. Source "s1" cannot be reached or failed. Source "s2" asks for a credential, and none is configured.',
        extensions: {
          code: 'SOURCES_FAILED',
          retryable: true,
          sources: [
            {
              source: 's1',
              code: 'UPSTREAM_UNAVAILABLE',
              message: 'Source "s1" cannot be reached or failed.',
              retryable: true,
            },
            {
              source: 's2',
              code: 'UPSTREAM_UNAUTHENTICATED',
              message: 'Source "s2" asks for a credential, and none is configured.',
              retryable: false,
            },
          ],
        },
      },
    ],
  });
  platforms[1]?.fail({ kind: 'status', status: 503 });
  expect(
    server.logged().filter((line) => line.includes('"msg":"upstream"') && line.includes('UPSTREAM_UNAUTHENTICATED')),
  ).toHaveLength(1);
});

test('all that fail alike have one code', async () => {
  await using world = await start(5, 5);
  const { platforms, server } = world;
  for (const platform of platforms) platform.fail({ kind: 'status', status: 503 });
  expect((await ask(server, null)).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
});

/** The second page of a list whose only row before it is gone by now, so that the page itself sees nothing before it. */
async function startPastGoneRow() {
  const world = await start(30);
  const [platform] = world.platforms;
  if (platform === undefined) throw new Error('One platform was started.');
  const first = await ask(world.server, null, 'nodes { id }', 1);
  platform.deleteSession(platform.sessionIds()[0] ?? '');
  const after = first.data.sessions?.pageInfo.endCursor ?? null;
  const askFor = async (fields: string) => {
    platform.clearRequests();
    const query = `query ($after: String) { sessions(first: 5, after: $after) { ${fields} } }`;
    return (await world.server.ask({ query, variables: { after } })).json;
  };
  return { ...world, platform, askFor };
}

test('looking back costs nothing unasked, and is done once however many aliases ask for it', async () => {
  await using world = await startPastGoneRow();
  const { platform, askFor } = world;
  await askFor('nodes { id }');
  const unasked = platform.requests.length;
  const aliases = ['one', 'two', 'three'].map((alias) => `${alias}: pageInfo { hasPreviousPage }`).join(' ');
  const no = { hasPreviousPage: false };
  expect(await askFor(aliases)).toEqual({ data: { sessions: { one: no, two: no, three: no } } });
  expect([unasked, platform.requests.length]).toEqual([1, 2]);
});

test('hasPreviousPage is true when looking back failed, for then nobody knows', async () => {
  await using world = await startPastGoneRow();
  const { platform, askFor } = world;
  let requests = 0;
  const isLookingBack = () => {
    requests += 1;
    return requests > 1;
  };
  platform.fail({ kind: 'status', status: 500, match: isLookingBack });
  expect(await askFor('pageInfo { hasPreviousPage }')).toEqual({
    data: { sessions: { pageInfo: { hasPreviousPage: true } } },
  });
  expect(platform.requests).toHaveLength(2);
});

const refused = [
  ['first below 0', 'first: -1', 'BAD_USER_INPUT'],
  ['first over 100', 'first: 101', 'BAD_USER_INPUT'],
  ['first and last', 'first: 5, last: 5', 'BAD_USER_INPUT'],
  ['last over 100', 'last: 101', 'BAD_USER_INPUT'],
  ['a cursor that is none', 'after: "junk"', 'BAD_CURSOR'],
  ['a cursor that is none, backwards', 'last: 3, before: "anVuaw"', 'BAD_CURSOR'],
  [
    'an empty range',
    'filter: { createdAt: { from: "2026-01-02T00:00:00Z", until: "2026-01-01T00:00:00Z" } }',
    'BAD_USER_INPUT',
  ],
  ['an id of another kind', 'filter: { agents: ["c291cmNlOnMx"] }', 'BAD_USER_INPUT'],
] as const;

test.each(refused)('%s is refused before any platform is asked', async (_what, args, code) => {
  const platform = await startPlatform({ platform: 'foundry', sessions: 5 });
  await using world = serve([platform]);
  const answer = await world.server.ask({ query: `{ sessions(${args}) { totalCount } }` });
  expect(answer.json).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(platform.requests).toEqual([]);
});

test.each(refused.slice(0, 6))('of a list of agents too: %s', async (_what, args, code) => {
  const platform = await startPlatform({ platform: 'foundry', sessions: 5 });
  await using world = serve([platform]);
  const answer = await world.server.ask({ query: `{ agents(${args}) { totalCount } }` });
  expect(answer.json).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(platform.requests).toEqual([]);
});

test('totalCount is the same in every order', async () => {
  for (const [platform, total] of [
    ['foundry', null],
    ['everruns', 12],
    ['agno', 12],
  ] as const) {
    const running = await startPlatform({ platform, sessions: 12 });
    await using world = serve([running]);
    for (const field of ['CREATED_AT', 'UPDATED_AT']) {
      for (const direction of ['ASC', 'DESC']) {
        const query = `{ sessions(first: 5, orderBy: { field: ${field}, direction: ${direction} }) { totalCount outcomes { totalCount } } }`;
        expect((await world.server.ask({ query })).json).toEqual({
          data: { sessions: { totalCount: total, outcomes: [{ totalCount: total }] } },
        });
      }
    }
  }
});

test('a source that cannot order, alone or beside one that fails, is no mistake of ours', async () => {
  await using platform = await startPlatform({ platform: 'everruns', sessions: 30 });
  await using other = await startPlatform({ platform: 'agno', sessions: 3 });
  const sources = [
    { id: 's1', provider: 'everruns', url: platform.url },
    { id: 's2', provider: 'agno', url: other.url },
  ];
  const limits = { http: { retries: 0 }, paging: { scanRows: 10 } };
  const query = '{ sessions(orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { id } outcomes { status } } }';
  const alone = open({ server: { limits }, sources: sources.slice(0, 1) });
  const both = open({ server: { limits }, sources });
  expect((await alone.ask({ query })).json).toEqual({
    data: { sessions: { nodes: [], outcomes: [{ status: 'UNSUPPORTED' }] } },
  });
  other.fail({ kind: 'status', status: 500 });
  expect((await both.ask({ query })).json).toMatchObject({
    errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE', source: 's2' } }],
  });
  await alone.app.close();
  await both.app.close();
});
