import { describe, expect, test } from 'vitest';
import { type UpstreamCode, UpstreamError } from '../../src/domain/errors.ts';
import { ask, pageOf, row, walked, written } from './written.ts';

/** Twelve sessions, an hour between each: `01` is the oldest. */
const twelve = Array.from({ length: 12 }, (_, index) => {
  const number = String(12 - index).padStart(2, '0');
  return row('one', number, {
    created: `2026-03-01T${number}:00:00Z`,
    title: number === '02' ? 'the needle' : 'hay',
  });
});

const healthy = () =>
  written('two', {
    provider: 'everruns',
    rows: [row('two', 'z', { provider: 'everruns', created: '2026-03-01T06:30:00Z', title: 'another needle' })],
  });

describe('a source is COMPLETE', () => {
  test('when the page has all of it that belongs there', async () => {
    const one = written('one', { rows: twelve, pageRows: 5 });
    expect(await pageOf([one], { first: 3 })).toMatchObject({
      ids: ['12', '11', '10'],
      outcomes: ['one COMPLETE'],
      totals: [12],
      totalCount: 12,
      hasNextPage: true,
      hasPreviousPage: false,
    });
  });

  test('when a filter is looked for in all of its rows within the budget', async () => {
    const one = written('one', { rows: twelve, pageRows: 5 });
    expect(await pageOf([one], { filter: { search: 'needle' } })).toMatchObject({
      ids: ['02'],
      outcomes: ['one COMPLETE'],
      totalCount: null,
      hasNextPage: false,
    });
  });

  test('when many rows are at the very end of a stretch of time, which is outside: they are not looked through', async () => {
    const outside = Array.from({ length: 9 }, (_, index) =>
      row('one', `x${index}`, { created: '2026-03-02T00:00:00Z' }),
    );
    const one = written('one', { rows: [...outside, ...twelve], pageRows: 10 });
    const filter = { createdAt: { until: '2026-03-02T00:00:00Z' } };
    expect(await pageOf([one], { first: 3, filter }, { scanRows: 4 })).toMatchObject({
      ids: ['12', '11', '10'],
      outcomes: ['one COMPLETE'],
      hasPreviousPage: false,
    });
    expect(
      await walked([one], { filter, orderBy: { field: 'CREATED_AT', direction: 'ASC' } }, 5, { scanRows: 4 }),
    ).toEqual(['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']);
  });
});

test('a filter that is looked for here leaves the total unknown, though no row was refused yet', async () => {
  const one = written('one', { rows: twelve, pageRows: 4 });
  const { ids, totals, totalCount } = await pageOf([one], { first: 1, filter: { search: 'hay' } });
  expect([ids, totals, totalCount]).toEqual([['12'], [null], null]);
});

describe('a source is PARTIAL', () => {
  test('when the budget of rows is used up before the page is full, and the cursor goes on', async () => {
    const one = written('one', { rows: twelve, pageRows: 4 });
    const early = await pageOf([one], { filter: { search: 'needle' } }, { scanRows: 4 });
    expect(early).toMatchObject({
      ids: [],
      outcomes: ['one PARTIAL SCAN_BUDGET_EXCEEDED'],
      retryable: [false],
      totalCount: null,
      hasNextPage: true,
    });
    expect(early.endCursor).not.toBeNull();
    expect(await walked([one], { filter: { search: 'needle' } }, 2, { scanRows: 4 })).toEqual(['02']);
  });

  test('alone: another source is COMPLETE beside it, and its rows keep their order', async () => {
    const sources = [written('one', { rows: twelve, pageRows: 4 }), healthy()];
    const filter = { search: 'needle' };
    const early = await pageOf(sources, { filter }, { scanRows: 4 });
    expect(early.outcomes).toEqual(['one PARTIAL SCAN_BUDGET_EXCEEDED', 'two COMPLETE']);
    expect(early.hasNextPage).toBe(true);
    expect(await walked(sources, { filter }, 2, { scanRows: 4 })).toEqual(['z', '02']);
  });

  test('when more rows than the budget have one moment, so that their order is not settled', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => row('one', `s${index}`, { created: '2026-03-01T00:00:00Z' }));
    const one = written('one', { rows, pageRows: 2 });
    const page = await pageOf([one], { first: 3 }, { scanRows: 4 });
    expect(page).toMatchObject({ outcomes: ['one PARTIAL TIES_UNSTABLE'], retryable: [false], hasNextPage: true });
    expect((await walked([one], {}, 3, { scanRows: 4 })).toSorted()).toEqual([
      's0',
      's1',
      's10',
      's11',
      's2',
      's3',
      's4',
      's5',
      's6',
      's7',
      's8',
      's9',
    ]);
  });

  test('when one of its lists fails and another does not', async () => {
    const error = new UpstreamError('one', 'UPSTREAM_FORBIDDEN');
    const one = written('one', { rows: twelve, lists: ['all', 'broken'], failing: { broken: error } });
    expect(await pageOf([one, healthy()], { first: 2 })).toMatchObject({
      ids: ['12', '11'],
      outcomes: ['one PARTIAL UPSTREAM_FORBIDDEN', 'two COMPLETE'],
      totals: [null, 1],
      totalCount: null,
    });
  });
});

const told: readonly (readonly [UpstreamCode, boolean, string])[] = [
  ['UPSTREAM_TIMEOUT', true, 'did not answer in time'],
  ['UPSTREAM_UNAVAILABLE', true, 'cannot be reached or failed'],
  ['UPSTREAM_RATE_LIMITED', true, 'asks for fewer requests'],
  ['UPSTREAM_UNAUTHENTICATED', false, 'does not accept the configured credential'],
  ['UPSTREAM_FORBIDDEN', false, 'does not allow this'],
  ['UPSTREAM_BAD_RESPONSE', false, 'gave an answer that cannot be read'],
  ['UPSTREAM_REJECTED', false, 'rejected the request'],
  [
    'UPSTREAM_UNSAFE_ID',
    false,
    'is not asked for an id with a slash or ".." in it, because that could name something else',
  ],
  ['UPSTREAM_BUDGET_EXCEEDED', false, 'is not asked again: this operation has sent as many requests as it may'],
];

describe('a source is FAILED', () => {
  test.each(told)('with %s, retryable %s, and the others answer', async (code, retryable, words) => {
    for (const platform of [
      { rows: twelve, failing: { all: new UpstreamError('one', code) } },
      { rows: twelve, lost: new UpstreamError('one', code) },
    ]) {
      expect(await pageOf([written('one', platform), healthy()])).toMatchObject({
        ids: ['z'],
        outcomes: [`one FAILED ${code}`, 'two COMPLETE'],
        retryable: [retryable],
        messages: [`Source "one" ${words}.`],
        totals: [null, 1],
        totalCount: null,
      });
    }
  });

  test('and the field is an error when all sources are', async () => {
    const one = written('one', { rows: [], failing: { all: new UpstreamError('one', 'UPSTREAM_TIMEOUT') } });
    const two = written('two', { rows: [], lost: new UpstreamError('two', 'UPSTREAM_TIMEOUT') });
    const { page, errors } = await ask([one, two]);
    expect(page).toBeNull();
    expect(errors).toMatchObject([
      {
        path: 'sessions',
        message: 'No source could be read. Source "one" did not answer in time. Source "two" did not answer in time.',
      },
    ]);
  });

  test('and its rows come once it is back, by the cursor of the page it failed on', async () => {
    const broken = written('one', { rows: twelve, failing: { all: new UpstreamError('one', 'UPSTREAM_TIMEOUT') } });
    const { endCursor } = await pageOf([broken, healthy()]);
    const { ids } = await pageOf([written('one', { rows: twelve }), healthy()], { after: endCursor });
    expect(ids).toEqual(['12', '11', '10', '09', '08', '07', '06', '05', '04', '03', '02', '01']);
  });

  test('but our own mistake is an error of the field', async () => {
    const one = written('one', { rows: twelve, failing: { all: new TypeError('a mistake of ours') } });
    const { page, errors } = await ask([one, healthy()]);
    expect(page).toBeNull();
    expect(errors).toMatchObject([{ path: 'sessions', code: null }]);
  });
});

describe('a source is UNSUPPORTED', () => {
  test('when it cannot order as asked and has more rows than may be sorted here', async () => {
    const one = written('one', { rows: twelve, pageRows: 4 });
    expect(await pageOf([one, healthy()], { orderBy: { field: 'UPDATED_AT' } }, { scanRows: 11 })).toMatchObject({
      ids: ['z'],
      outcomes: ['one UNSUPPORTED ORDER_UNSUPPORTED', 'two COMPLETE'],
      retryable: [false],
      messages: ['Source "one" cannot order by this field, and has more than the 11 sessions that can be sorted here.'],
      totalCount: null,
    });
    expect((await pageOf([one], { orderBy: { field: 'UPDATED_AT' } }, { scanRows: 12 })).outcomes).toEqual([
      'one COMPLETE',
    ]);
  });
});

describe('whether there are more rows', () => {
  const sources = () => [written('one', { rows: twelve, pageRows: 5 }), healthy()];

  test('is known on the first, a middle and the last page, on the way on and back', async () => {
    const first = await pageOf(sources(), { first: 5 });
    expect(first).toMatchObject({ ids: ['12', '11', '10', '09', '08'], hasNextPage: true, hasPreviousPage: false });
    const second = await pageOf(sources(), { first: 5, after: first.endCursor });
    expect(second).toMatchObject({ ids: ['07', 'z', '06', '05', '04'], hasNextPage: true, hasPreviousPage: true });
    const third = await pageOf(sources(), { first: 5, after: second.endCursor });
    expect(third).toMatchObject({ ids: ['03', '02', '01'], hasNextPage: false, hasPreviousPage: true });
    const back = await pageOf(sources(), { last: 5, before: third.startCursor });
    expect(back).toMatchObject({ ids: ['07', 'z', '06', '05', '04'], hasNextPage: true, hasPreviousPage: true });
    const start = await pageOf(sources(), { last: 5, before: back.startCursor });
    expect(start).toMatchObject({ ids: ['12', '11', '10', '09', '08'], hasNextPage: true, hasPreviousPage: false });
  });

  test('is known when what came before is gone, and when only what the filter refuses is there', async () => {
    const { startCursor, endCursor } = await pageOf(sources(), { first: 1, filter: { search: 'hay' } });
    const gone = written('one', { rows: twelve.slice(1), pageRows: 5 });
    expect(await pageOf([gone], { first: 1, after: endCursor, filter: { search: 'hay' } })).toMatchObject({
      ids: ['11'],
      hasPreviousPage: false,
    });
    const renamed = twelve.map((each) => ({ ...each, title: each.nativeId === '12' ? 'straw' : each.title }));
    const refused = written('one', { rows: renamed, pageRows: 5 });
    expect(await pageOf([refused], { first: 1, after: startCursor, filter: { search: 'hay' } })).toMatchObject({
      ids: ['11'],
      hasPreviousPage: false,
    });
  });

  test('is known of a page of no rows', async () => {
    expect(await pageOf(sources(), { first: 0 })).toMatchObject({ ids: [], hasNextPage: true, hasPreviousPage: false });
    const none = written('one', { rows: [] });
    expect(await pageOf([none])).toMatchObject({
      ids: [],
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
      totalCount: 0,
    });
  });
});

test('no sources at all are an empty, complete list', async () => {
  expect(await pageOf([])).toMatchObject({ ids: [], outcomes: [], totalCount: 0, hasNextPage: false });
});
