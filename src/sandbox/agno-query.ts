import type { AgnoSession, ComponentKind } from './agno-data.ts';
import { sessionTable } from './agno-wire.ts';
import { jsonReply, lastValue, type PlatformRequest, type Reply } from './exchange.ts';

export interface ListQuery {
  readonly database: string | null;
  readonly type: ComponentKind | null;
  readonly componentId: string | null;
  readonly user: string | null;
  readonly name: string | null;
  readonly limit: number;
  readonly page: number;
  readonly sortBy: string;
  readonly sortOrder: 'asc' | 'desc';
}

const sqliteMax = 2n ** 63n - 1n;

export function isKind(value: string | null): value is ComponentKind {
  return value === 'agent' || value === 'team' || value === 'workflow';
}

/** The query, or the error that FastAPI (422) or the response model of 2.3 (500) makes of it. */
export function parseListQuery(
  { query }: PlatformRequest,
  dialect: string | null,
  databases: readonly string[],
): ListQuery | Reply {
  const isLater = dialect !== '2.3';
  const given = (name: string): string | null => lastValue(query, name);
  const [type, sortOrder] = [given('type'), given('sort_order') ?? 'desc'];
  const limit = parseInteger(given('limit') ?? '20');
  const page = parseInteger(given('page') ?? '1');
  const problems: unknown[] = [];
  if (type !== null && !isKind(type)) problems.push(enumProblem('type', type, "'agent', 'team' or 'workflow'"));
  for (const [name, value, minimum] of [
    ['limit', limit, 1n],
    ['page', page, 0n],
  ] as const) {
    if (value === null) problems.push(integerProblem(name, given(name) ?? ''));
    else if (isLater && value < minimum) problems.push(minimumProblem(name, given(name) ?? '', Number(minimum)));
  }
  if (sortOrder !== 'asc' && sortOrder !== 'desc')
    problems.push(enumProblem('sort_order', sortOrder, "'asc' or 'desc'"));
  if (problems.length > 0 || limit === null || page === null) return jsonReply(422, { detail: problems });
  const missingDatabase = databaseProblem(query, databases);
  if (missingDatabase !== null) {
    const { status, text } = missingDatabase;
    // Until 2.9 the list wraps the inner error and its status into a 404.
    return dialect === '3.1' ? detail(status, text) : detail(404, `${status}: ${text}`);
  }
  if (limit > sqliteMax || page > sqliteMax) return detail(500, 'Python int too large to convert to SQLite INTEGER');
  if (!isLater && (limit < 1n || limit > 100n || page < 0n)) return detail(500, paginationInfoError(page, limit));
  if (dialect === '3.1' && page === 0n) return detail(500, 'Internal server error (ValueError)');
  return {
    database: given('db_id'),
    type: isKind(type) ? type : isLater ? null : 'agent',
    componentId: given('component_id'),
    user: given('user_id'),
    name: given('session_name'),
    limit: Number(limit),
    page: Number(page),
    sortBy: given('sort_by') ?? 'created_at',
    sortOrder: sortOrder === 'asc' ? 'asc' : 'desc',
  };
}

export interface RunsQuery {
  readonly type: ComponentKind | null;
  readonly user: string | null;
  readonly database: string | null;
  /** Unix seconds, both inclusive. */
  readonly createdAfter: number | null;
  readonly createdBefore: number | null;
  /** In upper case; empty where any will do. */
  readonly statuses: readonly string[];
}

const runStatuses = ['CANCELLED', 'COMPLETED', 'ERROR', 'PAUSED', 'PENDING', 'REGENERATED', 'RUNNING'] as const;

export function parseRunsQuery(
  { query }: PlatformRequest,
  dialect: string | null,
  databases: readonly string[],
): RunsQuery | Reply {
  const type = lastValue(query, 'type');
  const [after, before] = ['created_after', 'created_before'].map((name) => {
    const text = lastValue(query, name);
    return { name, text, value: text === null ? null : parseInteger(text) };
  });
  const problems: unknown[] = [];
  if (type !== null && !isKind(type)) problems.push(enumProblem('type', type, "'agent', 'team' or 'workflow'"));
  for (const bound of [after, before]) {
    if (bound?.text != null && bound.value === null) problems.push(integerProblem(bound.name, bound.text));
  }
  if (problems.length > 0) return jsonReply(422, { detail: problems });
  // Only the latest version knows the filter; the others ignore it.
  const statuses = dialect === '3.1' ? query.getAll('status').map((status) => status.toUpperCase()) : [];
  const known: readonly string[] = runStatuses;
  const unknown = statuses.filter((status) => !known.includes(status));
  if (unknown.length > 0) {
    const quoted = (words: readonly string[]): string => `[${words.map((word) => `'${word}'`).join(', ')}]`;
    return detail(400, `Invalid status value(s) ${quoted(unknown)}; expected one of ${quoted(runStatuses)}`);
  }
  const problem = databaseProblem(query, databases);
  if (problem !== null) return detail(problem.status, problem.text);
  return {
    type: isKind(type) ? type : null,
    user: lastValue(query, 'user_id'),
    database: lastValue(query, 'db_id'),
    createdAfter: after?.value == null ? null : Number(after.value),
    createdBefore: before?.value == null ? null : Number(before.value),
    statuses,
  };
}

/** Pydantic takes `1.0` for 1. */
function parseInteger(text: string): bigint | null {
  const match = /^([+-]?\d+)(\.0+)?$/.exec(text.trim());
  return match?.[1] === undefined ? null : BigInt(match[1].replace('+', ''));
}

export function typeProblem(type: string): Reply {
  return jsonReply(422, { detail: [enumProblem('type', type, "'agent', 'team' or 'workflow'")] });
}

function enumProblem(name: string, input: string, expected: string): unknown {
  return { type: 'enum', loc: ['query', name], msg: `Input should be ${expected}`, input, ctx: { expected } };
}

function integerProblem(name: string, input: string): unknown {
  const msg = 'Input should be a valid integer, unable to parse string as an integer';
  return { type: 'int_parsing', loc: ['query', name], msg, input };
}

function minimumProblem(name: string, input: string, ge: number): unknown {
  const msg = `Input should be greater than or equal to ${ge}`;
  return { type: 'greater_than_equal', loc: ['query', name], msg, input, ctx: { ge } };
}

function paginationInfoError(page: bigint, limit: bigint): string {
  const line = (field: string, value: bigint, kind: string, words: string): string =>
    `${field}\n  Input should be ${words} [type=${kind}, input_value=${value}, input_type=int]\n    For further information visit https://errors.pydantic.dev/2.13/v/${kind}`;
  const lines = [
    ...(page < 0n ? [line('page', page, 'greater_than_equal', 'greater than or equal to 0')] : []),
    ...(limit < 1n ? [line('limit', limit, 'greater_than_equal', 'greater than or equal to 1')] : []),
    ...(limit > 100n ? [line('limit', limit, 'less_than_equal', 'less than or equal to 100')] : []),
  ];
  return `${lines.length} validation error${lines.length === 1 ? '' : 's'} for PaginationInfo\n${lines.join('\n')}`;
}

export function databaseProblem(
  query: URLSearchParams,
  databases: readonly string[],
): { readonly status: number; readonly text: string } | null {
  const [dbId, table] = [lastValue(query, 'db_id'), lastValue(query, 'table')];
  if (table !== null && dbId === null) {
    return { status: 400, text: 'The db_id query parameter is required when passing a table' };
  }
  if (dbId === null && databases.length > 1) {
    return { status: 400, text: 'The db_id query parameter is required when using multiple databases' };
  }
  if (dbId !== null && !databases.includes(dbId)) return { status: 404, text: `No database found with id '${dbId}'` };
  if (table === null || table === sessionTable) return null;
  return { status: 404, text: `No database with id '${dbId}' has table '${table}'` };
}

export function detail(status: number, text: string): Reply {
  return jsonReply(status, { detail: text });
}

type Sortable = string | number | null;

const columns: Readonly<Record<string, (session: AgnoSession) => Sortable>> = {
  session_id: (session) => session.id,
  session_type: (session) => session.kind,
  agent_id: (session) => (session.kind === 'agent' ? session.componentId : null),
  team_id: (session) => (session.kind === 'team' ? session.componentId : null),
  workflow_id: (session) => (session.kind === 'workflow' ? session.componentId : null),
  user_id: (session) => session.user,
  created_at: (session) => session.createdAt,
  updated_at: (session) => session.updatedAt ?? session.createdAt,
  session_data: (session) => jsonText(session.sessionData),
  metadata: (session) => jsonText(session.metadata),
  summary: (session) => jsonText(session.summary),
  agent_data: () => 'null',
  team_data: () => 'null',
  workflow_data: () => 'null',
  runs: (session) => jsonText(session.run),
};

function jsonText(value: unknown): string {
  return JSON.stringify(value);
}

/** The rows in the order SQLite gives them; `rows` is the table, oldest insertion first. */
export function sortRows(rows: readonly AgnoSession[], query: ListQuery): readonly AgnoSession[] {
  const column = columns[query.sortBy];
  // An unknown column drops the whole ORDER BY, also its direction.
  if (column === undefined) return rows;
  // Without a type SQLite walks the index on created_at backwards, with one it sorts, which keeps insertion order in ties.
  const walksBackwards = query.sortBy === 'created_at' && query.sortOrder === 'desc' && query.type === null;
  const sign = query.sortOrder === 'asc' ? 1 : -1;
  return (walksBackwards ? rows.toReversed() : rows).toSorted((a, b) => sign * compare(column(a), column(b)));
}

/** Nulls are smallest in SQLite: first ascending, last descending. */
function compare(a: Sortable, b: Sortable): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

/** As SQLite does: LIKE over the serialised data, wildcards active, everything beyond ASCII stored as `\uXXXX`. */
export function matchesName(session: AgnoSession, wanted: string): boolean {
  const text = JSON.stringify(session.sessionData).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const pattern = wanted
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%/g, '.*')
    .replace(/_/g, '.');
  return new RegExp(pattern, 'is').test(text);
}
