import { expect, test, vi } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import { execute } from './execute.ts';
import { agent, team, testSource } from './platforms.ts';

vi.mock('../../src/providers/registry.ts', () => import('./platforms.ts'));

const day = (number: number) => parseInstant(`2026-01-0${number}T00:00:00Z`);

const one = () =>
  testSource('one', 'alpha', {
    agents: [
      agent('one', 'zoe', { name: 'Zoë', createdAt: day(3) }),
      agent('one', 'ann', { name: 'ann', createdAt: day(1) }),
      agent('one', 'nameless', { name: null, createdAt: day(2) }),
      agent('one', 'ageless', { name: 'Bob', createdAt: null }),
    ],
    teams: [team('one', 'red', { name: 'Red', createdAt: day(1) }), team('one', 'blue', { name: 'Blue' })],
    workflows: [workflow('nightly', 'Nightly'), workflow('daily', 'Daily report')],
  });
const two = () =>
  testSource('two', 'beta', {
    agents: [
      agent('two', 'bob', { name: 'BOB', provider: 'beta', createdAt: day(4) }),
      agent('two', 'cleo', { name: 'Cleo', provider: 'beta', createdAt: day(2) }),
    ],
  });

function workflow(nativeId: string, name: string) {
  return { ...agent('one', nativeId, { name }), row: {} };
}

interface Listed {
  readonly list: {
    readonly nodes: readonly { readonly nativeId: string }[];
    readonly totalCount: number | null;
    readonly pageInfo: { readonly endCursor: string | null; readonly startCursor: string | null };
    readonly outcomes: readonly { readonly source: { readonly slug: string }; readonly scanned: number }[];
  };
}

async function ask(list: string, page = '') {
  const { data, errors } = await execute(
    [one(), two()],
    `{ list: ${list} { nodes { nativeId } totalCount pageInfo { startCursor endCursor } ${page} outcomes { source { slug } scanned } } }`,
  );
  expect(errors).toBeUndefined();
  return (data as Listed).list;
}

async function namesIn(list: string): Promise<string> {
  const { nodes, totalCount } = await ask(list);
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ nativeId }) => nativeId).join(' ');
}

test.each([
  ['agents', 'bob zoe cleo nameless ann ageless'],
  ['agents(orderBy: {})', 'bob zoe cleo nameless ann ageless'],
  ['agents(orderBy: { direction: ASC })', 'ageless ann nameless cleo zoe bob'],
  ['agents(orderBy: { field: CREATED_AT, direction: DESC })', 'bob zoe cleo nameless ann ageless'],
  ['agents(orderBy: { field: NAME })', 'nameless ann ageless bob cleo zoe'],
  ['agents(orderBy: { field: NAME, direction: DESC })', 'zoe cleo bob ageless ann nameless'],
  ['teams', 'red blue'],
  ['teams(orderBy: { field: NAME })', 'blue red'],
  ['workflows(orderBy: { field: NAME })', 'daily nightly'],
  ['workflows(orderBy: { direction: DESC })', 'nightly daily'],
])('%s answers %s', async (list, expected) => {
  expect(await namesIn(list)).toBe(expected);
});

test.each([
  ['agents(filter: { sources: ["two"] })', 'bob cleo'],
  ['agents(filter: { sources: ["c291cmNlOnR3bw"] })', 'bob cleo'],
  ['agents(filter: { providers: [ALPHA] })', 'zoe nameless ann ageless'],
  ['agents(filter: { search: "bo" })', 'bob ageless'],
  ['agents(filter: { search: "ZOË" })', 'zoe'],
  ['agents(filter: { search: " " })', 'bob zoe cleo nameless ann ageless'],
  [
    'agents(filter: { createdAt: { from: "2026-01-02T00:00:00Z", until: "2026-01-04T00:00:00Z" } })',
    'zoe cleo nameless',
  ],
  ['agents(filter: { search: "b", createdAt: { until: "2026-01-09T00:00:00Z" } })', 'bob'],
  ['teams(filter: { search: "blue" })', 'blue'],
  ['workflows(filter: { search: "report" })', 'daily'],
  ['agents(filter: { sources: [] })', ''],
  ['teams(filter: { providers: [] })', ''],
])('%s answers only %s', async (list, expected) => {
  expect(await namesIn(list)).toBe(expected);
});

test('counts the rows that a platform sent, whatever the filter leaves of them', async () => {
  const { outcomes } = await ask('agents(filter: { search: "bo" })');

  expect(outcomes).toEqual([
    { source: { slug: 'one' }, scanned: 4 },
    { source: { slug: 'two' }, scanned: 2 },
  ]);
});

test('the list of one source takes the same arguments', async () => {
  const { data } = await execute(
    [one(), two()],
    `{ source(id: "one") {
      agents(filter: { search: "o" }, orderBy: { field: NAME }) { nodes { nativeId } }
      teams(filter: { search: "e" }, orderBy: { field: NAME }) { nodes { nativeId } }
      workflows(filter: { providers: [BETA] }) { nodes { nativeId } }
    } }`,
  );

  expect(data).toEqual({
    source: {
      agents: { nodes: [{ nativeId: 'ageless' }, { nativeId: 'zoe' }] },
      teams: { nodes: [{ nativeId: 'blue' }, { nativeId: 'red' }] },
      workflows: { nodes: [] },
    },
  });
});

test.each([
  ['NAME', 'ASC', 'nameless ann ageless bob cleo zoe'],
  ['NAME', 'DESC', 'zoe cleo bob ageless ann nameless'],
  ['CREATED_AT', 'ASC', 'ageless ann nameless cleo zoe bob'],
])('walks the agents by %s %s once each, in changing steps, and back again', async (field, direction, expected) => {
  const order = `orderBy: { field: ${field}, direction: ${direction} }`;
  const forward: string[] = [];
  let after = '';
  for (const size of [1, 2, 1, 1, 3]) {
    const { nodes, pageInfo } = await ask(`agents(first: ${size}, ${order}${after})`);
    forward.push(...nodes.map(({ nativeId }) => nativeId));
    after = `, after: ${JSON.stringify(pageInfo.endCursor)}`;
  }
  expect(forward.join(' ')).toBe(expected);

  const backward: string[] = [];
  let before = '';
  for (const size of [2, 3, 1]) {
    const { nodes, pageInfo } = await ask(`agents(last: ${size}, ${order}${before})`);
    backward.unshift(...nodes.map(({ nativeId }) => nativeId));
    before = `, before: ${JSON.stringify(pageInfo.startCursor)}`;
  }
  expect(backward.join(' ')).toBe(expected);
});

test('refuses a cursor of another filter or order, and a stretch of time that ends before it begins', async () => {
  const { pageInfo } = await ask('agents(first: 1, orderBy: { field: NAME })');
  const after = JSON.stringify(pageInfo.endCursor);
  const { errors } = await execute(
    [one(), two()],
    `{
      order: agents(after: ${after}) { nodes { nativeId } }
      filter: agents(after: ${after}, orderBy: { field: NAME }, filter: { search: "b" }) { nodes { nativeId } }
      range: agents(filter: { createdAt: { from: "2026-01-02T00:00:00Z", until: "2026-01-01T00:00:00Z" } }) { nodes { nativeId } }
      source: agents(filter: { sources: ["three"] }) { nodes { nativeId } }
    }`,
  );

  expect(errors?.map(({ path, code, message }) => [path, code, message]).toSorted()).toEqual([
    ['filter', 'BAD_CURSOR', 'The cursor belongs to a list with another filter, order or parent.'],
    ['order', 'BAD_CURSOR', 'The cursor belongs to a list with another filter, order or parent.'],
    ['range', 'BAD_USER_INPUT', 'In `createdAt`, `from` must be before `until`.'],
    ['source', 'BAD_USER_INPUT', 'There is no source "three".'],
  ]);
});

test('a source that fails is reported, and the others are filtered and ordered all the same', async () => {
  const failing = testSource('two', 'beta', {
    failing: { listAgents: new UpstreamError('two', 'UPSTREAM_FORBIDDEN') },
  });
  const { data } = await execute(
    [one(), failing],
    '{ agents(filter: { search: "o" }, orderBy: { field: NAME }) { nodes { nativeId } totalCount outcomes { status error { code } } } }',
  );

  expect(data).toEqual({
    agents: {
      nodes: [{ nativeId: 'ageless' }, { nativeId: 'zoe' }],
      totalCount: null,
      outcomes: [
        { status: 'COMPLETE', error: null },
        { status: 'FAILED', error: { code: 'UPSTREAM_FORBIDDEN' } },
      ],
    },
  });
});

test('a team says when it was created', async () => {
  const { data } = await execute([one()], '{ teams { nodes { nativeId createdAt } } }');

  expect(data).toEqual({
    teams: {
      nodes: [
        { nativeId: 'red', createdAt: '2026-01-01T00:00:00Z' },
        { nativeId: 'blue', createdAt: null },
      ],
    },
  });
});
