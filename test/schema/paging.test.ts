import { describe, expect, test, vi } from 'vitest';
import { parseInstant } from '../../src/domain/instant.ts';
import type { SessionRecord } from '../../src/domain/records.ts';
import { offsetFeed } from '../../src/pagination/dialects/offset.ts';
import type { Feed } from '../../src/pagination/feed.ts';
import type { Source } from '../../src/providers/source.ts';
import { execute } from './execute.ts';
import { session, testSource } from './platforms.ts';

vi.mock('../../src/providers/registry.ts', () => import('./platforms.ts'));

/** A source with offsets, newest first, and the requests it got as offset and limit. */
function offsetSource(rows: readonly SessionRecord[]): Source & { readonly requests: string[] } {
  const requests: string[] = [];
  const feed = (): Feed<SessionRecord> =>
    offsetFeed({
      id: 'all',
      sourceId: 'one',
      keyOf: (row) => row.key,
      momentOf: (row) => row.createdAt?.micros ?? null,
      directions: ['desc'],
      maxRows: 100,
      async window({ offset, limit }) {
        requests.push(`${offset}+${limit}`);
        return { rows: rows.slice(offset, offset + limit), total: rows.length };
      },
    });
  return { ...testSource('one', 'alpha'), requests, sessionFeeds: async () => [feed()] };
}

type Given = Partial<Pick<SessionRecord, 'createdAt' | 'status' | 'userId'>>;

/** `s0` is the newest. */
function oneASecond(count: number, fields: (index: number) => Given = () => ({})): SessionRecord[] {
  const newest = Date.UTC(2026, 0, 1);
  return Array.from({ length: count }, (_, index) =>
    session('one', `s${index}`, {
      createdAt: parseInstant(new Date(newest - index * 1000).toISOString()),
      ...fields(index),
    }),
  );
}

interface Page {
  readonly nodes: readonly { readonly nativeId: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
  readonly outcomes: readonly {
    readonly status: string;
    readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean } | null;
  }[];
}

const fields = `nodes { nativeId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  outcomes { status error { code message retryable } }`;

async function page(source: Source, list: string): Promise<Page> {
  const { data, errors } = await execute([source], `{ ${list} { ${fields} } }`);
  expect(errors).toBeUndefined();
  return (data as { readonly sessions: Page }).sessions;
}

const names = ({ nodes }: Page) => nodes.map(({ nativeId }) => nativeId);

describe('what lies on either side of a page', () => {
  test('is given on a walk forward', async () => {
    const source = offsetSource(oneASecond(5));
    const first = await page(source, 'sessions(first: 2)');
    expect(names(first)).toEqual(['s0', 's1']);
    expect(first.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
    const second = await page(source, `sessions(first: 2, after: "${first.pageInfo.endCursor}")`);
    expect(names(second)).toEqual(['s2', 's3']);
    expect(second.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
    const third = await page(source, `sessions(first: 2, after: "${second.pageInfo.endCursor}")`);
    expect(names(third)).toEqual(['s4']);
    expect(third.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
  });

  test('is given on a walk backward', async () => {
    const source = offsetSource(oneASecond(5));
    const last = await page(source, 'sessions(last: 2)');
    expect(names(last)).toEqual(['s3', 's4']);
    expect(last.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    const before = await page(source, `sessions(last: 2, before: "${last.pageInfo.startCursor}")`);
    expect(names(before)).toEqual(['s1', 's2']);
    expect(before.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
    const first = await page(source, `sessions(last: 2, before: "${before.pageInfo.startCursor}")`);
    expect(names(first)).toEqual(['s0']);
    expect(first.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
  });

  test('is nothing once the rows there are gone', async () => {
    const rows = oneASecond(5);
    const { pageInfo } = await page(offsetSource(rows), 'sessions(first: 2)');
    const rest = await page(offsetSource(rows.slice(2)), `sessions(first: 2, after: "${pageInfo.endCursor}")`);
    expect(names(rest)).toEqual(['s2', 's3']);
    expect(rest.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
  });

  test('costs no request of its own where a row of it was seen', async () => {
    const source = offsetSource(oneASecond(100));
    const { pageInfo } = await page(source, 'sessions(first: 30)');
    source.requests.length = 0;
    const next = await page(source, `sessions(first: 5, after: "${pageInfo.endCursor}")`);
    expect(next.pageInfo.hasPreviousPage).toBe(true);
    expect(source.requests).toHaveLength(1);
  });
});

describe('a range of time', () => {
  const times = ['2026-01-01T11:59:59.999999Z', '2026-01-01T12:00:00Z', '2026-01-01T12:00:00.000001Z'];
  const created = () =>
    offsetSource(
      times.map((text, index) => session('one', `s${index}`, { createdAt: parseInstant(text) })).toReversed(),
    );
  const updated = () =>
    offsetSource(times.map((text, index) => session('one', `s${index}`, { updatedAt: parseInstant(text) })));

  test.each(['CREATED_AT', 'UPDATED_AT'])(
    'holds its first moment and not its last, in the order of %s',
    async (field) => {
      const ask = async (source: Source, filter: string) =>
        names(await page(source, `sessions(filter: { ${filter} }, orderBy: { field: ${field}, direction: ASC })`));
      const noon = '"2026-01-01T12:00:00Z"';
      expect(await ask(created(), `createdAt: { until: ${noon} }`)).toEqual(['s0']);
      expect(await ask(created(), `createdAt: { from: ${noon} }`)).toEqual(['s1', 's2']);
      expect(await ask(updated(), `updatedAt: { until: ${noon} }`)).toEqual(['s0']);
      expect((await ask(updated(), `updatedAt: { from: ${noon} }`)).toSorted()).toEqual(['s1', 's2']);
    },
  );

  test('is searched for from just before its end on', async () => {
    const source = offsetSource(oneASecond(3000, (index) => (index < 1500 ? { createdAt: noonAnd(index) } : {})));
    const { nodes } = await page(
      source,
      'sessions(first: 2, filter: { createdAt: { until: "2026-01-02T12:00:00Z" } })',
    );
    expect(nodes).toEqual([{ nativeId: 's1500' }, { nativeId: 's1501' }]);
    // Rows at the end itself are not asked for, so that no group of them is read through.
    expect(source.requests.length).toBeLessThan(20);

    function noonAnd(index: number) {
      return parseInstant(index < 100 ? '2026-01-02T12:00:01Z' : '2026-01-02T12:00:00Z');
    }
  });
});

describe('what a page could not bring', () => {
  test('is reported when the scan budget ended it, and its cursor goes on to the rest', async () => {
    const source = offsetSource(oneASecond(2500, (index) => ({ status: index === 2400 ? 'RUNNING' : 'IDLE' })));
    const list = 'first: 20, filter: { statuses: [RUNNING] }';
    const first = await page(source, `sessions(${list})`);
    expect(first.nodes).toEqual([]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(first.outcomes).toEqual([
      {
        status: 'PARTIAL',
        error: { code: 'SCAN_BUDGET_EXCEEDED', message: expect.stringMatching(/^Source "one" /), retryable: false },
      },
    ]);
    const second = await page(source, `sessions(${list}, after: "${first.pageInfo.endCursor}")`);
    expect(second.nodes).toEqual([]);
    expect(second.outcomes[0]?.status).toBe('PARTIAL');
    const third = await page(source, `sessions(${list}, after: "${second.pageInfo.endCursor}")`);
    expect(names(third)).toEqual(['s2400']);
    expect(third.pageInfo.hasNextPage).toBe(false);
    expect(third.outcomes).toEqual([{ status: 'COMPLETE', error: null }]);
  });

  test('is reported when a group of one moment is too large to be put in order', async () => {
    const source = offsetSource(oneASecond(1200, () => ({ createdAt: parseInstant('2026-01-01T00:00:00Z') })));
    const { nodes, outcomes } = await page(source, 'sessions(first: 20)');
    expect(nodes).toHaveLength(20);
    expect(outcomes).toEqual([
      {
        status: 'PARTIAL',
        error: { code: 'TIES_UNSTABLE', message: expect.stringMatching(/^Source "one" /), retryable: false },
      },
    ]);
  });

  test('is nothing of a list in order and within the budget', async () => {
    const { outcomes } = await page(offsetSource(oneASecond(500)), 'sessions(first: 20)');
    expect(outcomes).toEqual([{ status: 'COMPLETE', error: null }]);
  });
});

describe('a cursor', () => {
  const source = () => offsetSource(oneASecond(50, (index) => ({ userId: index % 2 === 0 ? 'ada' : 'bob' })));

  async function useElsewhere(list: string) {
    const { pageInfo } = await page(source(), 'sessions(first: 5, filter: { users: ["ada"] })');
    return execute([source()], `{ ${list.replace('$', `"${pageInfo.endCursor}"`)} { nodes { nativeId } } }`);
  }

  test.each([
    'sessions(after: $)',
    'sessions(after: $, filter: { users: ["bob"] })',
    'sessions(after: $, filter: { users: ["ada"], kinds: [AGENT] })',
    'sessions(after: $, filter: { users: ["ada"] }, orderBy: { field: CREATED_AT, direction: ASC })',
    'sessions(after: $, filter: { users: ["ada"] }, orderBy: { field: UPDATED_AT, direction: DESC })',
  ])('is refused by another list: %s', async (list) => {
    expect(await useElsewhere(list)).toEqual({
      data: { sessions: null },
      errors: [
        {
          path: 'sessions',
          code: 'BAD_CURSOR',
          message: 'The cursor belongs to a list with another filter, order or parent.',
        },
      ],
    });
  });

  test('is refused by the same list below a source', async () => {
    const { errors } = await useElsewhere(
      'source(id: "one") { sessions(after: $, filter: { users: ["ada"] }) { totalCount } } agents(first: 0)',
    );
    expect(errors?.map(({ path, code }) => ({ path, code }))).toEqual([
      { path: 'source.sessions', code: 'BAD_CURSOR' },
    ]);
  });

  test('is good for the same list with another page size, and with what is null left out', async () => {
    const { data } = await useElsewhere('sessions(first: 2, after: $, filter: { users: ["ada"], tags: null })');
    expect(data).toEqual({ sessions: { nodes: [{ nativeId: 's10' }, { nativeId: 's12' }] } });
  });
});
