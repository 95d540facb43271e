import { expect, test } from 'vitest';
import * as sent from '../../src/providers/sent.ts';
import { int, text } from '../../src/providers/shape.ts';
import * as wire from '../../src/providers/wire.ts';

const columns = {
  id: wire.id,
  display_name: sent.text('The name.'),
  half: sent.below,
  size: wire.number,
  opened_at: sent.time('When it was opened.'),
  source: sent.named('origin', sent.text('Where it comes from.')),
};
type Row = ReturnType<typeof schema.parse>;
const schema = sent.schemaOf(columns);
const fields = sent.fieldsOf(columns, sent.rowOf<Row>, {
  half: int('Half the size.', ({ row }) => (row.size === null ? null : row.size / 2)),
  size: int('The size.', ({ row }) => row.size),
  extra: text('Always the same.', () => 'x'),
});

test('a row is read by what its columns say, also those that are not shown', () => {
  expect(schema.parse({ id: 'a', size: 4, unknown: true })).toEqual({
    id: 'a',
    display_name: null,
    size: 4,
    opened_at: null,
    source: null,
  });
  expect(schema.safeParse({}).error?.issues.map(({ path }) => path)).toEqual([['id']]);
});

test('fields come in the order of the columns, those that are worked out in their places and the others last', () => {
  expect(Object.keys(fields)).toEqual(['displayName', 'half', 'size', 'openedAt', 'origin', 'extra']);
});

test('a field shows what was sent, when it is asked for', () => {
  const row = schema.parse({ id: 'a', display_name: 'A', size: 4, opened_at: '2026-11-20T09:00:00Z', source: 'b' });
  expect(Object.values(fields).map((field) => field.read({ row }))).toEqual([
    'A',
    2,
    4,
    { micros: 1_795_165_200_000_000, text: '2026-11-20T09:00:00Z' },
    'b',
    'x',
  ]);
});

test('a place for a field that nobody works out is an error at the start', () => {
  expect(() => sent.fieldsOf(columns, sent.rowOf<Row>)).toThrow('Nothing says how to work out "half".');
});
