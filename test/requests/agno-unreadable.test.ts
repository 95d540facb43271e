import { expect, test } from 'vitest';
import { startWorld, type World } from './world.ts';

/** Sessions `s-0` to `s-59`, the newest last, with those of these numbers such that the platform cannot show them. */
async function start(dialect: string, bad: readonly number[]): Promise<World> {
  const world = await startWorld({ id: 'agno', platform: 'agno', dialect, sessions: 0, agents: 3 });
  for (let index = 0; index < 60; index += 1) {
    const createdAt = Date.UTC(2026, 0, 1, 0, 0, index);
    world.platform('agno').addSession({ id: `s-${index}`, createdAt, unreadable: bad.includes(index) });
  }
  return world;
}

interface Page {
  readonly nodes: readonly { readonly nativeId: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly outcomes: readonly unknown[];
}

const unreadable = {
  status: 'PARTIAL',
  error: {
    code: 'ROWS_MISSING',
    message: 'Source "agno" counts sessions that it does not return, so they are missing from this page.',
    retryable: false,
  },
};

function expected(bad: readonly number[]): readonly string[] {
  return Array.from({ length: 60 }, (_, index) => 59 - index)
    .filter((number) => !bad.includes(number))
    .map((number) => `s-${number}`);
}

const query = `query ($first: Int, $after: String) {
  sessions(first: $first, after: $after) {
    nodes { nativeId }
    pageInfo { hasNextPage endCursor }
    outcomes { status error { code message retryable } }
  }
}`;

test.each([
  ['2.9', [42]],
  ['3.1', [59]],
  ['3.1', [0]],
  ['3.1', [50, 20]],
  ['3.1', [45, 44, 43]],
  ['2.3', [30]],
] as const)(
  'on %s the sessions %j, which cannot be shown, cost a page its completeness and no other row',
  async (dialect, bad) => {
    await using world = await start(dialect, bad);
    for (const first of [1, 7, 20, 60]) {
      const seen: string[] = [];
      const statuses: unknown[] = [];
      let after: string | null = null;
      for (let page = 0; page < 70; page += 1) {
        const { data, errors } = await world.run(query, { first, after });
        expect(errors).toEqual([]);
        const { sessions } = data as { sessions: Page };
        seen.push(...sessions.nodes.map(({ nativeId }) => nativeId));
        statuses.push(...sessions.outcomes);
        if (!sessions.pageInfo.hasNextPage) break;
        after = sessions.pageInfo.endCursor;
      }
      expect(seen, `first: ${first}`).toEqual(expected(bad));
      expect(statuses).toContainEqual(unreadable);
      for (const status of statuses) expect([unreadable, { status: 'COMPLETE', error: null }]).toContainEqual(status);
    }
  },
);

test('one such session costs a page a dozen requests more at the most, wherever it lies', async () => {
  const extra: number[] = [];
  for (let index = 39; index < 60; index += 4) {
    await using world = await start('3.1', [index]);
    const { requests } = await world.run(query, { first: 20, after: null });
    extra.push((requests.agno ?? []).filter((request) => request.startsWith('GET /sessions?')).length - 1);
  }
  expect(extra).toHaveLength(6);
  for (const requests of extra) expect(requests).toBeLessThanOrEqual(13);
});

test('a platform that fails for everything fails as before, with one request more', async () => {
  await using world = await start('3.1', []);
  await world.run(query, { first: 5, after: null });
  world.platform('agno').fail({ kind: 'status', status: 500, match: ({ url }) => url.startsWith('/sessions') });
  const { errors, requests } = await world.run(query, { first: 20, after: null });
  expect(errors.map(({ code }) => code)).toEqual(['UPSTREAM_UNAVAILABLE']);
  expect(requests.agno).toHaveLength(2);
});
