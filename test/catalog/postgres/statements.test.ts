import { describe, expect, test } from 'vitest';
import { toFacetStatement } from '../../../src/catalog/postgres/facet.ts';
import { toPageStatement } from '../../../src/catalog/postgres/page.ts';
import { toPredicate } from '../../../src/catalog/postgres/predicate.ts';
import { joined, type Sql, sql, toArray, toText } from '../../../src/catalog/postgres/sql.ts';
import { rangeOf, selectionOf } from '../entries.ts';

function sent(statement: Sql) {
  return { text: toText(statement).replaceAll(/\s+/g, ' ').trim(), values: statement.values };
}

describe('a selection', () => {
  test('of sources with equal filters says the filter once', () => {
    const running = { statuses: ['RUNNING'] } as const;
    expect(sent(toPredicate(selectionOf({ a: running, b: {}, c: running })))).toEqual({
      text: '((source = any($1) and status = any($2)) or (source = any($3)))',
      values: ['{"a","c"}', '{"RUNNING"}', '{"b"}'],
    });
  });

  test('says every filter, and none of its values in the text', () => {
    const range = { from: 5, until: 9 };
    const everything = {
      nativeIds: ["n'1"],
      kinds: ['TEAM'],
      agentKeys: ['a"1'],
      teamKeys: ['t\\1'],
      workflowKeys: ['w,1'],
      userIds: ['u}1', 'NULL'],
      statuses: ['IDLE'],
      search: '50%_\\İ',
      tags: [],
      createdAt: range,
      updatedAt: { from: null, until: 7 },
    } as const;
    expect(sent(toPredicate(selectionOf({ a: everything }, "Two' w%rds")))).toEqual({
      text:
        'search like $1 and search like $2 and ((source = any($3) and native_id = any($4) and kind = any($5) and agent = any($6) ' +
        'and team = any($7) and workflow = any($8) and user_id = any($9) and status = any($10) ' +
        'and heading like $11 and search like $12 and tags @> $13 ' +
        'and created_at > $14 and created_at >= $15 and created_at < $16 and updated_at > $17 and updated_at < $18))',
      values: [
        "%two'%",
        '%w\\%rds%',
        '{"a"}',
        '{"n\'1"}',
        '{"TEAM"}',
        '{"a\\"1"}',
        '{"t\\\\1"}',
        '{"w,1"}',
        '{"u}1","NULL"}',
        '{"IDLE"}',
        '%50\\%\\_\\\\i\u0307%',
        '%50\\%\\_\\\\i\u0307%',
        '{}',
        '-Infinity',
        5,
        9,
        '-Infinity',
        7,
      ],
    });
  });

  test('of no sources is of nothing', () => {
    expect(sent(toPredicate(selectionOf({}, 'word')))).toEqual({ text: 'false', values: [] });
  });
});

describe('a page', () => {
  const place = { moment: null, sourceId: 'a', key: 'k\u0000' };

  test('is read in the direction of its walk, from whole places on, with one more than its size', () => {
    const range = rangeOf({
      order: { field: 'updatedAt', direction: 'desc' },
      walk: 'backward',
      size: 20,
      before: place,
    });
    expect(sent(toPageStatement(selectionOf({ a: {} }), range))).toEqual({
      text:
        'select facts from session_graph_entry where ((source = any($1))) and (updated_at, source, key) > ($2, $3, $4) ' +
        'order by updated_at, source, key limit $5',
      values: ['{"a"}', '-Infinity', 'a', 'k\u0001\u{100001}', 21],
    });
  });

  test.each([
    ['title', 'text', '=text'],
    ['title', null, ''],
    ['title', 5, ' '],
    ['totalTokens', 5, 5],
    ['totalTokens', null, '-Infinity'],
    ['totalTokens', 'text', 'Infinity'],
  ] as const)('by %s after %s', (field, moment, stored) => {
    const range = rangeOf({ order: { field, direction: 'desc' }, after: { ...place, moment } });
    const { text, values } = sent(toPageStatement(selectionOf({ a: {} }), range));
    expect(text).toContain(' < ($2, $3, $4) order by ');
    expect(values[1]).toBe(stored);
  });
});

test('a facet of agents is one of sources too, and nobody else has one', () => {
  const textOf = (field: 'agent' | 'user') => sent(toFacetStatement(selectionOf({ a: {} }), field, 3)).text;
  expect(textOf('agent')).toContain('select case when agent is not null then source end as source, agent as value,');
  expect(textOf('user')).toContain('select null as source, user_id as value,');
});

test('values are numbered through all pieces of a statement', () => {
  const piece = sql`b = ${2} or ${sql`c = ${3}`}`;
  expect(sent(sql`a = ${1} and (${piece}) and d = ${4}`)).toEqual({
    text: 'a = $1 and (b = $2 or c = $3) and d = $4',
    values: [1, 2, 3, 4],
  });
  expect(toArray(['a"b', 'c\\d', ''])).toBe('{"a\\"b","c\\\\d",""}');
});

test('pieces are joined in their order, however many there are', () => {
  const pieces = Array.from({ length: 20_000 }, (_, index) => sql`a = ${index}`);
  const { text, values } = sent(joined(pieces, ' or '));
  expect(text.slice(0, 26)).toBe('a = $1 or a = $2 or a = $3');
  expect(text.endsWith(' or a = $20000')).toBe(true);
  expect(values).toEqual([...Array(20_000).keys()]);
  expect(sent(joined([], ' and '))).toEqual({ text: '', values: [] });
});
