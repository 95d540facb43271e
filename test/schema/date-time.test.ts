import { expect, test, vi } from 'vitest';
import { execute } from './execute.ts';
import { session, testSource } from './platforms.ts';

vi.mock('../../src/providers/registry.ts', () => import('./platforms.ts'));

const query = `query ($from: DateTime!) { sessions(filter: { createdAt: { from: $from } }) { nodes { nativeId } } }`;

function source() {
  const at = (micros: number) => ({ micros, text: 'irrelevant' });
  const noon = 1_767_268_800_000_000;
  return testSource('one', 'alpha', {
    sessions: [
      session('one', 'before', { createdAt: at(noon - 1) }),
      session('one', 'at', { createdAt: at(noon) }),
      session('one', 'never', { createdAt: null }),
    ],
  });
}

test.each([
  '2026-01-01T12:00:00Z',
  '2026-01-01T12:00:00.000000Z',
  '2026-01-01T14:00:00+02:00',
  '2026-01-01t06:30:00-05:30',
])('reads %s to the microsecond', async (from) => {
  expect(await execute([source()], query, { from })).toEqual({ data: { sessions: { nodes: [{ nativeId: 'at' }] } } });
});

test.each([
  ['without a zone', '2026-01-01T12:00:00'],
  ['without a time', '2026-01-01'],
  ['on a day that is none', '2026-02-30T12:00:00Z'],
  ['in a month that is none', '2026-13-01T12:00:00Z'],
  ['at an hour that is none', '2026-01-01T24:00:00Z'],
  ['as a number', 1_767_268_800],
  ['in words', 'yesterday'],
])('refuses a time %s', async (_case, from) => {
  const { errors } = await execute([source()], query, { from });

  expect(errors).toMatchObject([
    { code: 'BAD_USER_INPUT', message: expect.stringContaining('RFC 3339 text with a zone') },
  ]);
});

test('refuses a literal that is no time, and says so before anything is read', async () => {
  const one = source();
  const { data, errors } = await execute(
    [one],
    `{ sessions(filter: { createdAt: { from: "2026-01-01T12:00:00" } }) { totalCount } }`,
  );

  expect(data).toBeNull();
  expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  expect(one.calls).toEqual([]);
});
