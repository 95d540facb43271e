import type { CatalogEntry, KeptField } from '../../catalog/entry.ts';
import { freshnessOf, type SourceFreshness } from '../../catalog/freshness.ts';
import { placeOf } from '../../catalog/place.ts';
import { decodeCatalogPlace, encodeCatalogPlace } from '../../catalog/place-cursor.ts';
import type { CatalogOrder, CatalogOrderField, CatalogRange, CatalogSelection } from '../../catalog/query.ts';
import type { CatalogReader } from '../../catalog/reader.ts';
import { type MatchedField, matchedFields, toWords } from '../../catalog/search.ts';
import type { CatalogSlice } from '../../catalog/store.ts';
import { askedSources } from '../../connections/asked-sources.ts';
import type { PageInfo } from '../../connections/connection.ts';
import type { Edge } from '../../connections/edge.ts';
import { type SessionFilterInput, toSessionFilters } from '../../connections/session-filter.ts';
import type { OperationContext } from '../../context.ts';
import { RequestError } from '../../domain/errors.ts';
import { lazily } from '../../domain/lazily.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { toSessionCopy } from '../../entities/session-copy.ts';
import { type PageArguments, toPageRequest } from '../../pagination/arguments.ts';
import { fingerprintOf } from '../../pagination/cursor.ts';

export interface CatalogSessionArguments extends PageArguments {
  readonly search?: string | null | undefined;
  readonly filter?: SessionFilterInput | null | undefined;
  readonly orderBy?: CatalogOrderInput | null | undefined;
}

export interface CatalogOrderInput {
  readonly field: CatalogOrderField;
  readonly direction: 'ASC' | 'DESC';
}

export interface CatalogSessionConnection {
  readonly edges: readonly CatalogSessionEdge[];
  readonly pageInfo: PageInfo;
  totalCount(): Promise<number>;
  /** Of the sources that were asked for. */
  freshness(): Promise<readonly SourceFreshness[]>;
  /** What is listed. */
  readonly listed: ListedSessions;
}

export interface CatalogSessionEdge extends Edge<SessionRecord> {
  readonly matched: readonly MatchedField[];
}

/** What a list of the catalog is of, and the same without one of its filters. */
export interface ListedSessions {
  readonly catalog: CatalogReader;
  readonly selection: CatalogSelection;
  without(field: keyof SessionFilterInput): CatalogSelection;
}

/** Each is looked for in every session. */
const maxWords = 20;

/** A page of the sessions in the catalog. No platform is asked. */
export async function catalogSessions(
  catalog: CatalogReader,
  { search, filter, orderBy, ...pageArguments }: CatalogSessionArguments,
  context: OperationContext,
): Promise<CatalogSessionConnection> {
  const { store, kept } = catalog;
  const input = filter ?? {};
  const order: CatalogOrder = {
    field: orderBy?.field ?? 'createdAt',
    direction: orderBy?.direction === 'ASC' ? 'asc' : 'desc',
  };
  refuseFilterOfUnkept(input, kept);
  if (order.field === 'title') requireKept('the order by `TITLE`', ['title'], kept);
  const listed = listedSessions(catalog, search, input, context);
  const { selection } = listed;
  const { walk, size, ...cursors } = toPageRequest(pageArguments);
  const fingerprint = fingerprintOf({ list: 'catalog', search: selection.words, filter: input, order });
  const toPlace = (cursor: string | null) =>
    cursor === null ? null : decodeCatalogPlace(cursor, order.field, fingerprint);
  const range: CatalogRange = { order, walk, size, after: toPlace(cursors.after), before: toPlace(cursors.before) };
  const slice = await store.page(selection, range);
  const edges = slice.entries.map((entry): CatalogSessionEdge & { readonly entry: CatalogEntry } => ({
    entry,
    node: toSessionCopy(entry, kept),
    cursor: () => encodeCatalogPlace(placeOf(entry, order.field), fingerprint),
    matched: matchedFields(entry, selection.words),
  }));
  const ids = askedSources(input, undefined, context).map(({ id }) => id);
  return {
    edges,
    pageInfo: toPageInfo(slice, range, edges, () => isAnythingBehind(slice, range, catalog, selection)),
    totalCount: lazily(() => store.count(selection)),
    freshness: lazily(() => freshnessOf(ids, catalog)),
    listed,
  };
}

function listedSessions(
  catalog: CatalogReader,
  search: string | null | undefined,
  input: SessionFilterInput,
  context: OperationContext,
): ListedSessions {
  const words = toWords(search ?? null);
  if (words.length > maxWords) {
    throw new RequestError(
      'BAD_USER_INPUT',
      `\`search\` may have at most ${maxWords} different words, but there are ${words.length}.`,
    );
  }
  const select = (of: SessionFilterInput) => ({ filters: catalogFilters(catalog, of, context), words });
  return { catalog, selection: select(input), without: (field) => select({ ...input, [field]: null }) };
}

/** What is asked of each source that is in the catalog. */
export function catalogFilters(
  { followed }: CatalogReader,
  input: SessionFilterInput,
  context: OperationContext,
): CatalogSelection['filters'] {
  const filterOf = toSessionFilters(input, {});
  const asked = askedSources(input, undefined, context).filter(({ id }) => followed.includes(id));
  return new Map(asked.map(({ id }) => [id, filterOf(id)]));
}

function toPageInfo(
  { more }: CatalogSlice,
  { walk }: CatalogRange,
  edges: readonly Edge<unknown>[],
  lookBehind: () => Promise<boolean>,
): PageInfo {
  const behind = lazily(lookBehind);
  const isForward = walk === 'forward';
  return {
    hasNextPage: () => (isForward ? more : behind()),
    hasPreviousPage: () => (isForward ? behind() : more),
    startCursor: () => edges[0]?.cursor() ?? null,
    endCursor: () => edges.at(-1)?.cursor() ?? null,
  };
}

/** Whether the list has anything on the other side of where the page began. */
async function isAnythingBehind(
  { entries }: CatalogSlice,
  { order, walk, after, before }: CatalogRange,
  { store }: CatalogReader,
  selection: CatalogSelection,
): Promise<boolean> {
  const isForward = walk === 'forward';
  if ((isForward ? after : before) === null) return false;
  const nearest = isForward ? entries[0] : entries.at(-1);
  const edge = nearest === undefined ? null : placeOf(nearest, order.field);
  const behind: CatalogRange = isForward
    ? { order, walk: 'backward', size: 1, after: null, before: edge ?? before }
    : { order, walk: 'forward', size: 1, after: edge ?? after, before: null };
  const slice = await store.page(selection, behind);
  return slice.entries.length > 0;
}

export function refuseFilterOfUnkept(input: SessionFilterInput, kept: ReadonlySet<KeptField>): void {
  const needs: readonly (readonly [boolean, string, readonly KeptField[]])[] = [
    [isGiven(input.search), '`filter.search`', ['title', 'preview']],
    [isGiven(input.users), '`filter.users`', ['user']],
    [isGiven(input.tags), '`filter.tags`', ['tags']],
  ];
  for (const [isAsked, name, fields] of needs) if (isAsked) requireKept(name, fields, kept);
}

/** Refuses what would be answered wrongly because the catalog is set to leave out what it needs. */
export function requireKept(name: string, fields: readonly KeptField[], kept: ReadonlySet<KeptField>): void {
  const missing = fields.filter((field) => !kept.has(field));
  if (missing.length === 0) return;
  throw new RequestError('BAD_USER_INPUT', `The catalog does not keep ${missing.join(' and ')}, which ${name} needs.`);
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}
