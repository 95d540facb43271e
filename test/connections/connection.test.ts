import { expect, test } from 'vitest';
import { type Connection, type ListSource, toConnection } from '../../src/connections/connection.ts';
import type { OperationContext } from '../../src/context.ts';
import { UpstreamError } from '../../src/domain/errors.ts';
import { type Feed, OrderUnsupportedError } from '../../src/pagination/feed.ts';
import { createSimulatedFeed, type Row, type SimulatedFeed, toFeed } from '../pagination/world.ts';
import { contextOf } from '../schema/execute.ts';

const start = 1_760_000_000_000_000;
const options = { shuffles: false, unknownAfter: 'error', random: () => 0.5 } as const;

function feedOf(sourceId: string, seconds: readonly number[]): SimulatedFeed {
  const rows = seconds.map((at): Row => ({ sourceId, key: `${sourceId}-${at}`, moment: start + at * 1_000_000 }));
  return createSimulatedFeed(sourceId, `feed-${seconds[0]}`, 'pages', rows);
}

/** The list, and what stands in the way of its reads, by the feed's id. */
function sourceOf(sourceId: string, feeds: readonly SimulatedFeed[], broken = new Map<string, Error>()) {
  const open = async (): Promise<readonly Feed<Row>[]> =>
    feeds.map((simulated) => {
      const feed = toFeed(simulated, options);
      return {
        ...feed,
        async read(request) {
          const error = broken.get(feed.id);
          if (error !== undefined) throw error;
          return feed.read(request);
        },
      };
    });
  const plan = { orderBy: 'createdAt', ordersItself: true, filtersItself: [], filteredHere: [] };
  return {
    ask: true,
    countable: true,
    plan,
    source: { sourceId, open, accepts: () => true, selective: false },
  } as const;
}

function page(
  sources: readonly ListSource<Row>[],
  pageArguments: Parameters<typeof toConnection>[1],
  context: OperationContext = contextOf([]),
): Promise<Connection<Row>> {
  return toConnection(
    { name: 'rows', identity: 'list', direction: 'desc', sources, isMadeOfReadsAlone: true },
    pageArguments,
    context,
  );
}

function keysOf({ edges }: Connection<Row>): readonly string[] {
  return edges.map(({ node }) => node.key);
}

test('up to another cursor, a list that fails is an error once nothing else comes, and not the same empty page for ever', async () => {
  const broken = new Map<string, Error>();
  const sources = [
    sourceOf('a', [feedOf('a', [10, 9, 3, 2])]),
    sourceOf('b', [feedOf('b', [8.5, 2.5]), feedOf('b', [8.2, 7, 2.2])], broken),
  ];
  const whole = await page(sources, { first: 20 });
  const before = whole.edges[keysOf(whole).indexOf('a-3')]?.cursor() ?? null;
  broken.set('feed-8.2', new UpstreamError('b', 'UPSTREAM_UNAVAILABLE'));
  const first = await page(sources, { first: 10, before });
  expect(keysOf(first)).toEqual(['a-10', 'a-9', 'b-8.5']);
  const walk = async (): Promise<unknown> => {
    for (let after = first.pageInfo.endCursor(), turn = 0; turn < 4; turn += 1) {
      const next = await page(sources, { first: 10, after, before });
      expect(keysOf(next)).toEqual([]);
      after = next.pageInfo.endCursor();
    }
    return 'goes on for ever';
  };
  await expect(walk()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', sourceId: 'b' });
  broken.clear();
  const rest = await page(sources, { first: 10, after: first.pageInfo.endCursor(), before });
  expect(keysOf(rest)).toEqual(['b-8.2', 'b-7']);
});

test('a source that cannot order is no reason to think that something precedes', async () => {
  const a = feedOf('a', [9, 8, 7]);
  const unordered = sourceOf('u', [feedOf('u', [5])], new Map([['feed-5', new OrderUnsupportedError('never')]]));
  const sources = [sourceOf('a', [a]), unordered];
  const after = (await page(sources, { first: 2 })).edges[0]?.cursor() ?? null;
  a.rows.delete('a-9');
  expect(await (await page(sources, { first: 2, after })).pageInfo.hasPreviousPage()).toBe(false);
});

test('our own mistake in looking back fails the field', async () => {
  const a = feedOf('a', [9, 8, 7]);
  const broken = new Map<string, Error>();
  const sources = [sourceOf('a', [a], broken)];
  const after = (await page(sources, { first: 1 })).edges[0]?.cursor() ?? null;
  a.rows.delete('a-9');
  const second = await page(sources, { first: 1, after });
  broken.set('feed-9', new TypeError('a mistake of ours'));
  await expect(second.pageInfo.hasPreviousPage()).rejects.toThrow('a mistake of ours');
});

test('what many lists of a source failed with alike is logged once', async () => {
  const error = new UpstreamError('a', 'UPSTREAM_TIMEOUT');
  const feeds = [1, 2, 3, 4].map((second) => feedOf('a', [second]));
  const failing = sourceOf('a', feeds, new Map(feeds.map(({ id }) => [id, error])));
  const reported: Error[] = [];
  const context = { ...contextOf([]), report: (each: Error) => void reported.push(each) };
  await page([failing, sourceOf('b', [feedOf('b', [9])])], { first: 5 }, context);
  expect(reported).toEqual([error]);
});
