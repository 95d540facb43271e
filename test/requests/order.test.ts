import { expect, test } from 'vitest';
import { pageOf, row, walked, written } from './written.ts';

const noon = '2026-03-01T12:00:00Z';
const laterThatSecond = '2026-03-01T12:00:00.000001Z';

/** As each platform happens to list them. */
const sources = () => [
  written('one', {
    rows: [
      row('one', 'b', { created: noon }),
      row('one', 'n', {}),
      row('one', 'a', { created: noon }),
      row('one', 'c', { created: noon }),
      row('one', 'z', { created: laterThatSecond }),
      row('one', 'm', {}),
    ],
  }),
  written('two', {
    provider: 'everruns',
    rows: [
      row('two', 'e', { provider: 'everruns', created: noon }),
      row('two', 'd', { provider: 'everruns', created: noon }),
      row('two', 'k', { provider: 'everruns' }),
    ],
  }),
];

const oldestFirst = ['m', 'n', 'k', 'a', 'b', 'c', 'd', 'e', 'z'];
const newestFirst = ['z', 'e', 'd', 'c', 'b', 'a', 'k', 'n', 'm'];

test.each(['CREATED_AT', 'UPDATED_AT'] as const)(
  'rows of one moment are in the order of source and key, those without a time before all others, by %s',
  async (field) => {
    expect((await pageOf(sources(), { orderBy: { field, direction: 'ASC' } })).ids).toEqual(oldestFirst);
    expect((await pageOf(sources(), { orderBy: { field } })).ids).toEqual(newestFirst);
    for (const size of [1, 2, 4]) {
      expect(await walked(sources(), { orderBy: { field, direction: 'ASC' } }, size)).toEqual(oldestFirst);
      expect(await walked(sources(), { orderBy: { field } }, size, { backward: true })).toEqual(newestFirst);
    }
  },
);

test('rows of one moment are in that order too when they are read page by page', async () => {
  const rows = ['c', 'a', 'd', 'b'].map((id) => row('one', id, { created: noon }));
  const one = written('one', { rows, pageRows: 4 });
  expect(await walked([one], {}, 1)).toEqual(['d', 'c', 'b', 'a']);
  expect(await walked([one], { orderBy: { field: 'CREATED_AT', direction: 'ASC' } }, 3)).toEqual(['a', 'b', 'c', 'd']);
});
