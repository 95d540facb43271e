import fc from 'fast-check';
import type { CatalogEntry } from '../../../src/catalog/entry.ts';
import { placeOf } from '../../../src/catalog/place.ts';
import type {
  CatalogFacetField,
  CatalogOrderField,
  CatalogRange,
  CatalogSelection,
} from '../../../src/catalog/query.ts';
import type { InstantRange, SessionFilter } from '../../../src/domain/filter.ts';
import type { SessionKind, SessionStatus } from '../../../src/domain/records.ts';
import { at, entryOf, selectionOf } from '../entries.ts';

/** Few values of each kind, so that many are equal, and some that programs stumble over. */
const times = ['2026-11-20T09:00:00Z', '2026-11-20T09:00:00.000001Z', '2026-11-21T00:00:00Z', '1969-12-31T23:59:59Z'];
const texts = [
  'Alpha',
  'alpha beta',
  '',
  'ß 100%',
  'a_b\\c "d"',
  'İx',
  'x🚀y',
  '\ud83d',
  'one\ntwo',
  'a\u0000b',
  '\uff58',
  '\u{1d4b3}',
];
const kinds: readonly SessionKind[] = ['AGENT', 'TEAM', 'WORKFLOW'];
const statuses: readonly SessionStatus[] = ['RUNNING', 'ENDED', 'UNKNOWN'];
const keys = ['k1', 'k2', 'k10', 'K1', 'k%2F1', 'é', 'a/b'];
const sourceIds = ['a', 'b', 'b-2'];

const text = fc.constantFrom(...texts);
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const instant = fc.constantFrom(...times.map(at));

const entry: fc.Arbitrary<CatalogEntry> = fc
  .record({
    sourceId: fc.constantFrom(...sourceIds),
    provider: fc.constantFrom('agno', 'everruns'),
    nativeId: fc.constantFrom('n1', 'N1', ''),
    kind: fc.constantFrom(...kinds),
    title: orNull(text),
    preview: orNull(text),
    status: fc.constantFrom(...statuses),
    nativeStatus: orNull(text),
    createdAt: orNull(instant),
    updatedAt: orNull(instant),
    userId: orNull(fc.constantFrom('ann', 'Ann', '', '🚀')),
    agentKey: orNull(fc.constantFrom('x', 'y')),
    teamKey: orNull(fc.constantFrom('x', 'y')),
    workflowKey: orNull(fc.constantFrom('x', 'y')),
    tags: fc.array(fc.constantFrom('red', 'Red', '', '"%_\\'), { maxLength: 3 }),
    totalTokens: orNull(fc.constantFrom(0, 7, 9_007_199_254_740_991)),
  })
  .chain((given) => fc.constantFrom(...keys).map((key) => entryOf(key, given)));

/** Each part of a filter is rarely there, or nothing would pass them all. */
function rarely<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: values });
}

const someOf = <T>(values: readonly T[]) => rarely(fc.subarray([...values]));
const rangeOfTime: fc.Arbitrary<InstantRange | null> = rarely(
  fc.record({ from: orNull(instant), until: orNull(instant) }).map(({ from, until }) => ({
    from: from?.micros ?? null,
    until: until?.micros ?? null,
  })),
);

const filter: fc.Arbitrary<SessionFilter> = fc.record({
  nativeIds: someOf(['n1', '']),
  kinds: someOf(kinds),
  agentKeys: someOf(['x', 'z']),
  teamKeys: someOf(['x', 'y']),
  workflowKeys: someOf(['x', 'y']),
  userIds: someOf(['ann', '', '🚀']),
  statuses: someOf(statuses),
  search: rarely(fc.constantFrom('a', 'A', '%', '_', '\\', '', 'İ', '\ud83d', '\n', '\u0000')),
  tags: rarely(fc.subarray(['red', ''])),
  createdAt: rangeOfTime,
  updatedAt: rangeOfTime,
});

const anyFilter = fc.constant<Partial<SessionFilter>>({});

const selection: fc.Arbitrary<CatalogSelection> = fc
  .record({
    filters: fc.dictionary(
      fc.constantFrom(...sourceIds, 'unheard'),
      fc.oneof({ weight: 2, arbitrary: anyFilter }, filter),
    ),
    search: rarely(fc.constantFrom('ALPHA', 'a b', '%', 'İ', '\ud83d', 'n1', '"d" 🚀', '\u0000')),
  })
  .map(({ filters, search }) => selectionOf(filters, search));

const range: fc.Arbitrary<CatalogRange> = fc
  .record({
    field: fc.constantFrom<CatalogOrderField>('createdAt', 'updatedAt', 'totalTokens', 'title'),
    direction: fc.constantFrom('asc', 'desc'),
    walk: fc.constantFrom('forward', 'backward'),
    size: fc.integer({ min: 0, max: 12 }),
    after: orNull(entry),
    before: orNull(entry),
  })
  .map(({ field, direction, after, before, ...rest }) => ({
    ...rest,
    order: { field, direction },
    after: after === null ? null : placeOf(after, field),
    before: before === null ? null : placeOf(before, field),
  }));

const facetFields = ['source', 'provider', 'kind', 'status', 'agent', 'team', 'user', 'tag', 'day'] as const;

export type Step =
  | { readonly does: 'write'; readonly entries: readonly CatalogEntry[]; readonly inNewSweep: boolean }
  | { readonly does: 'remove'; readonly sourceId: string; readonly keys: readonly string[] }
  | { readonly does: 'finish'; readonly sourceId: string }
  | { readonly does: 'catch up'; readonly limit: number }
  | {
      readonly does: 'ask';
      readonly selection: CatalogSelection;
      readonly range: CatalogRange;
      readonly field: CatalogFacetField;
      readonly top: number;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('write' as const),
      entries: fc.array(entry, { maxLength: 12, size: 'max' }),
      inNewSweep: fc.boolean(),
    }),
  },
  fc.record({
    does: fc.constant('remove' as const),
    sourceId: fc.constantFrom(...sourceIds),
    keys: fc.subarray(keys),
  }),
  fc.record({ does: fc.constant('finish' as const), sourceId: fc.constantFrom(...sourceIds) }),
  fc.record({ does: fc.constant('catch up' as const), limit: fc.integer({ min: 1, max: 5 }) }),
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('ask' as const),
      selection,
      range,
      field: fc.constantFrom<CatalogFacetField>(...facetFields),
      top: fc.integer({ min: 0, max: 5 }),
    }),
  },
);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 1, maxLength: 30, size: 'max' });
export const sources: readonly string[] = sourceIds;
