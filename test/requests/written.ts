import { graphql } from 'graphql';
import { RequestError, UpstreamError } from '../../src/domain/errors.ts';
import type { FilterName } from '../../src/domain/filter.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import type { SessionRecord } from '../../src/domain/records.ts';
import { completeListFeed } from '../../src/pagination/dialects/complete-list.ts';
import { offsetFeed } from '../../src/pagination/dialects/offset.ts';
import type { Feed } from '../../src/pagination/feed.ts';
import type { Capabilities, FilterSupport, OrderField, SessionQuery, Source } from '../../src/providers/source.ts';
import { contextOf, schema } from '../schema/execute.ts';
import { session, testSource } from '../schema/platforms.ts';

export type Supports = Readonly<Record<FilterName, FilterSupport>>;

/** A platform of which a test writes out every row and every answer. */
export interface Written {
  /** In the order in which the platform lists them. */
  readonly rows: readonly SessionRecord[];
  readonly provider?: 'agno' | 'everruns';
  /** How it answers filters; those that are not named are evaluated here. */
  readonly filters?: Partial<Supports>;
  readonly capabilities?: Partial<Capabilities>;
  /** The rows that it answers to a filtered query, by their native ids; all rows when not given. */
  readonly answers?: readonly string[];
  /** How many rows it gives for one request; when not given, it gives its whole list at once. */
  readonly pageRows?: number;
  /** The total that it claims, where that is not the number of its rows. */
  readonly claims?: number;
  /** Names of lists that fail, each with its error; the name of the only list is `all`. */
  readonly failing?: Readonly<Record<string, Error>>;
  /** The names of its lists; every row is in the first. */
  readonly lists?: readonly string[];
  /** Why its lists are not known. */
  readonly lost?: Error;
}

export interface WrittenSource extends Source {
  /** What it was asked to filter and to order. */
  readonly queries: readonly SessionQuery[];
  /** How often its lists were read. */
  readonly reads: () => number;
}

export function written(id: string, platform: Written): WrittenSource {
  const { provider = 'agno', rows, lists = ['all'] } = platform;
  const queries: SessionQuery[] = [];
  let reads = 0;

  function feedOf(name: string, held: readonly SessionRecord[], orderBy: OrderField): Feed<SessionRecord> {
    const listing = {
      id: name,
      sourceId: id,
      keyOf: (row: SessionRecord) => row.key,
      momentOf: (row: SessionRecord) =>
        (orderBy === 'createdAt' ? row.createdAt : (row.updatedAt ?? row.createdAt))?.micros ?? null,
    };
    const total = platform.claims ?? held.length;
    function read(): void {
      reads += 1;
      const error = platform.failing?.[name];
      if (error !== undefined) throw error;
    }
    if (platform.pageRows === undefined) {
      return completeListFeed({
        ...listing,
        async load() {
          read();
          return held;
        },
      });
    }
    return offsetFeed({
      ...listing,
      directions: ['desc'],
      maxRows: platform.pageRows,
      async window({ offset, limit }) {
        read();
        return { rows: held.slice(offset, offset + limit), total };
      },
    });
  }

  const base = testSource(id, provider);
  return {
    ...base,
    capabilities: {
      ...base.capabilities,
      statuses: ['STARTING', 'RUNNING', 'WAITING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN'],
      filters: { ...base.capabilities.filters, tags: 'local', ...platform.filters },
      ...platform.capabilities,
    },
    queries,
    reads: () => reads,
    async sessionFeeds(query) {
      queries.push(query);
      if (platform.lost !== undefined) throw platform.lost;
      const held = rows.filter(({ nativeId }) => platform.answers?.includes(nativeId) ?? true);
      return lists.map((name, index) => feedOf(name, index === 0 ? held : [], query.orderBy));
    },
  };
}

/** A row: times as texts, the rest as the record has it. */
export function row(
  sourceId: string,
  nativeId: string,
  {
    created = null,
    updated = null,
    ...fields
  }: Partial<SessionRecord> & { readonly created?: string | null; readonly updated?: string | null },
): SessionRecord {
  return session(sourceId, nativeId, {
    ...fields,
    provider: fields.provider ?? 'agno',
    createdAt: created === null ? null : parseInstant(created),
    updatedAt: updated === null ? null : parseInstant(updated),
    row: {},
  });
}

export interface Page {
  /** Native ids, in order. */
  readonly ids: readonly string[];
  /** `source STATUS CODE` for each source that was asked, without the code where there is no error. */
  readonly outcomes: readonly string[];
  readonly messages: readonly string[];
  readonly retryable: readonly boolean[];
  readonly totals: readonly (number | null)[];
  readonly totalCount: number | null;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Asked {
  readonly page: Page | null;
  readonly errors: readonly { readonly path: string; readonly code: string | null; readonly message: string }[];
}

export interface Question {
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly orderBy?: { readonly field: 'CREATED_AT' | 'UPDATED_AT'; readonly direction?: 'ASC' | 'DESC' };
  readonly first?: number;
  readonly after?: string | null;
  readonly last?: number;
  readonly before?: string | null;
}

interface Answered {
  readonly nodes: readonly { readonly nativeId: string }[];
  readonly totalCount: number | null;
  readonly pageInfo: Pick<Page, 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor'>;
  readonly outcomes: readonly {
    readonly source: { readonly slug: string };
    readonly status: string;
    readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean } | null;
    readonly totalCount: number | null;
  }[];
}

const connection = `sessions(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
  nodes { nativeId }
  totalCount
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  outcomes { source { slug } status error { code message retryable } totalCount }
}`;
const variables =
  '$first: Int, $after: String, $last: Int, $before: String, $filter: SessionFilter, $orderBy: SessionOrder';

/** One whole query over these sources. `parent` is the selection around `sessions`, e.g. `source(id: "one") { * }`. */
export async function ask(
  sources: readonly Source[],
  question: Question = {},
  { scanRows = 1000, parent = '*' }: { readonly scanRows?: number; readonly parent?: string } = {},
): Promise<Asked> {
  const context = contextOf(sources);
  const { data, errors = [] } = await graphql({
    schema,
    source: `query (${variables}) { ${parent.replace('*', connection)} }`,
    variableValues: { ...question },
    contextValue: { ...context, paging: { ...context.paging, scanRows } },
  });
  const found: unknown = JSON.parse(JSON.stringify(data ?? null));
  const around = parent === '*' ? found : Object.values(found ?? {})[0];
  return {
    page: toPage((around as { readonly sessions?: Answered | null } | null)?.sessions ?? null),
    errors: errors.map(({ path, message, originalError }) => ({
      path: path?.join('.') ?? '',
      code: originalError instanceof UpstreamError || originalError instanceof RequestError ? originalError.code : null,
      message,
    })),
  };
}

/** As `ask`, where no error is expected. */
export async function pageOf(...asked: Parameters<typeof ask>): Promise<Page> {
  const { page, errors } = await ask(...asked);
  if (page === null || errors.length > 0) throw new Error(`No page: ${JSON.stringify(errors)}`);
  return page;
}

function toPage(answered: Answered | null): Page | null {
  if (answered === null) return null;
  const { nodes, totalCount, pageInfo, outcomes } = answered;
  return {
    ids: nodes.map(({ nativeId }) => nativeId),
    outcomes: outcomes.map(({ source, status, error }) =>
      [source.slug, status, ...(error === null ? [] : [error.code])].join(' '),
    ),
    messages: outcomes.flatMap(({ error }) => (error === null ? [] : [error.message])),
    retryable: outcomes.flatMap(({ error }) => (error === null ? [] : [error.retryable])),
    totals: outcomes.map((outcome) => outcome.totalCount),
    totalCount,
    ...pageInfo,
  };
}

/** The ids of every page from one end to the other, in the order of the list. */
export async function walked(
  sources: readonly Source[],
  question: Question,
  size: number,
  options: Parameters<typeof ask>[2] & { readonly backward?: true } = {},
): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let turn = 0; turn < 200; turn += 1) {
    const page: Page = await pageOf(
      sources,
      options.backward ? { ...question, last: size, before: cursor } : { ...question, first: size, after: cursor },
      options,
    );
    if (options.backward) ids.unshift(...page.ids);
    else ids.push(...page.ids);
    if (!(options.backward ? page.hasPreviousPage : page.hasNextPage)) return ids;
    cursor = options.backward ? page.startCursor : page.endCursor;
  }
  throw new Error('The walk does not end.');
}
