import { type AgnoSession, type AgnoStore, type ComponentKind, seedAgno } from './agno-data.ts';
import {
  databaseProblem,
  detail,
  isKind,
  matchesName,
  parseListQuery,
  parseRunsQuery,
  sortRows,
  typeProblem,
} from './agno-query.ts';
import { runWire } from './agno-run-wire.ts';
import { chatHistoryOf, runsOf } from './agno-runs.ts';
import {
  componentWire,
  configWire,
  detailWire,
  infoWire,
  rowWire,
  workflowSummaryWire,
  workflowWire,
} from './agno-wire.ts';
import { microsPerSecond, nowMicros } from './clock.ts';
import { emptyReply, jsonReply, lastValue, type PlatformRequest, type Reply } from './exchange.ts';
import type { ModelOptions, Platform } from './platform.ts';

const kindOf = { agents: 'agent', teams: 'team', workflows: 'workflow' } as const;
const collections: readonly string[] = ['sessions', ...Object.keys(kindOf)];
const singles: readonly string[] = ['info', 'config', 'health', ''];
const kindWords = { agent: 'Agent', team: 'Team', workflow: 'Workflow' } as const;

export function createAgno(options: ModelOptions): Platform<AgnoStore> {
  const isLater = options.dialect !== '2.3';
  const store = seedAgno(options);
  return {
    basePath: '',
    store,
    answer: (request) => {
      const reply = answer(request, store, options);
      // The 401 of the later middleware is made before the CORS one adds its header.
      const isEarly = isLater && reply.status === 401;
      return isEarly ? reply : { ...reply, headers: { ...reply.headers, vary: 'Origin' } };
    },
  };
}

function answer(request: PlatformRequest, store: AgnoStore, options: ModelOptions): Reply {
  const isLater = options.dialect !== '2.3';
  // Later versions cut a trailing slash in a middleware; 2.3 redirects.
  const hasSlash = request.segments.length > 1 && request.segments.at(-1) === '';
  const [name = '', id, ...rest] = hasSlash ? request.segments.slice(0, -1) : request.segments;
  const isSingle = singles.includes(name) && id === undefined && (isLater || name !== 'info');
  // ASGI decodes the path before it looks for slashes, so an id with a slash is never found.
  const isRuns = name === 'sessions' && rest[0] === 'runs' && rest.length <= 2;
  const hasPlace = (collections.includes(name) || isSingle) && (rest.length === 0 || isRuns);
  const isKnown = hasPlace && ![id, ...rest].some((segment) => segment?.includes('/') ?? false);
  const isOpen = isSingle && name !== 'config';
  // 2.3 redirects before it asks who wants to know.
  if (isKnown && hasSlash && !isLater) {
    const query = request.rawQuery === '' ? '' : `?${request.rawQuery}`;
    return emptyReply(307, { location: `${request.origin}${request.rawPath.replace(/\/$/, '')}${query}` });
  }
  const denied = isOpen || (!isLater && !isKnown) ? null : authenticate(request, options);
  if (denied !== null) return denied;
  if (!isKnown) return detail(404, 'Not Found');
  if (request.method !== 'GET') return jsonReply(405, { detail: 'Method Not Allowed' }, { allow: 'GET' });
  if (isSingle) return singleReply(name, store, options);
  if (name === 'agents' || name === 'teams' || name === 'workflows') {
    return componentReply(kindOf[name], id, store, options.dialect);
  }
  if (id === undefined) return listSessions(request, store, options.dialect);
  return isRuns ? runsReply(request, id, rest[1], store, options) : getSession(request, id, store, options);
}

function listSessions(request: PlatformRequest, store: AgnoStore, dialect: string | null): Reply {
  const query = parseListQuery(request, dialect, store.databases);
  if ('status' in query) return query;
  const matching = store.sessions.filter(
    (session) =>
      isIn(session, query.database, store) &&
      (query.type === null || session.kind === query.type) &&
      (query.componentId === null || session.componentId === query.componentId) &&
      (query.user === null || session.user === query.user) &&
      (query.name === null || matchesName(session, query.name)),
  );
  // A negative OFFSET, as page 0 makes it, counts as none.
  const offset = Math.max(0, (query.page - 1) * query.limit);
  const shown = sortRows(matching, query).slice(offset, offset + query.limit);
  const meta = {
    page: query.page,
    limit: query.limit,
    total_pages: Math.ceil(matching.length / query.limit),
    total_count: matching.length,
    search_time_ms: 0,
  };
  const body = JSON.stringify({ data: shown.map((session) => rowWire(session, dialect)), meta });
  // Python writes this last number as a float.
  return { ...jsonReply(200, null), body: `${body.slice(0, -3)}0.0}}` };
}

function getSession(request: PlatformRequest, id: string, store: AgnoStore, { dialect }: ModelOptions): Reply {
  const type = lastValue(request.query, 'type');
  if (type !== null && !isKind(type)) return typeProblem(type);
  const problem = databaseProblem(request.query, store.databases);
  if (problem !== null) return detail(problem.status, problem.text);
  const user = lastValue(request.query, 'user_id');
  const session = store.sessions.find((candidate) => candidate.id === id);
  const expected = type ?? (dialect === '2.3' ? 'agent' : null);
  const isHere = session !== undefined && isIn(session, lastValue(request.query, 'db_id'), store);
  if (!isHere || (user !== null && session.user !== user)) {
    const words = expected === null ? '' : `${kindWords[expected]} `;
    return detail(404, `${words}Session with id '${id}' not found`);
  }
  return jsonReply(200, detailWire(session, expected ?? session.kind, dialect, chatHistoryOf(session, store, dialect)));
}

/** All runs of a session, or the one that is asked for. There are no pages. */
function runsReply(
  request: PlatformRequest,
  id: string,
  runId: string | undefined,
  store: AgnoStore,
  { dialect }: ModelOptions,
): Reply {
  const query = parseRunsQuery(request, dialect, store.databases);
  if ('status' in query) return query;
  const session = store.sessions.find((candidate) => candidate.id === id);
  const isHere = session !== undefined && isIn(session, query.database, store);
  if (!isHere || (query.user !== null && session.user !== query.user)) {
    return detail(404, `Session with ID ${id} not found`);
  }
  const runs = runsOf(session, store);
  if (runId !== undefined) {
    if (runs.length === 0) return detail(404, `Session with ID ${id} has no runs`);
    const run = runs.find((candidate) => candidate.id === runId);
    if (run === undefined) return detail(404, `Run with ID ${runId} not found in session ${id}`);
    return jsonReply(200, runWire(run, session, { dialect, shape: run.kind, nulls: 'present' }));
  }
  // 2.3 reads all as runs of an agent unless it is told otherwise.
  const readAs = query.type ?? (dialect === '2.3' ? 'agent' : session.kind);
  const shown = runs.filter(
    ({ createdAt, status, kind }) =>
      (createdAt === null || query.createdAfter === null || createdAt >= query.createdAfter) &&
      (createdAt === null || query.createdBefore === null || createdAt <= query.createdBefore) &&
      (query.statuses.length === 0 || query.statuses.includes(status)) &&
      (readAs !== 'team' || kind !== 'workflow'),
  );
  const shapeOf = (kind: ComponentKind): ComponentKind => (readAs === 'agent' ? 'agent' : kind);
  return jsonReply(
    200,
    shown.map((run) => runWire(run, session, { dialect, shape: shapeOf(run.kind), nulls: 'absent' })),
  );
}

/** Sessions lie with their agent, team or workflow; those of none or of one that is gone in the first database. */
function isIn({ kind, componentId }: AgnoSession, database: string | null, store: AgnoStore): boolean {
  const owner = store.components.find((component) => component.kind === kind && component.id === componentId);
  return database === null || (owner?.database ?? store.databases[0]) === database;
}

function componentReply(kind: ComponentKind, id: string | undefined, store: AgnoStore, dialect: string | null): Reply {
  const own = store.components.filter((component) => component.kind === kind);
  if (id === undefined) {
    const wire = kind === 'workflow' ? workflowSummaryWire : componentWire;
    return jsonReply(
      200,
      own.map((component) => wire(component, dialect)),
    );
  }
  const component = own.find((candidate) => candidate.id === id);
  if (component === undefined) return detail(404, `${kindWords[kind]} not found`);
  return jsonReply(200, (kind === 'workflow' ? workflowWire : componentWire)(component, dialect));
}

function singleReply(name: string, store: AgnoStore, { dialect, credential }: ModelOptions): Reply {
  const isLater = dialect !== '2.3';
  if (name === 'config') return jsonReply(200, configWire(store, dialect));
  if (name === 'info') {
    return jsonReply(200, infoWire(store.components, dialect, credential === null ? 'none' : 'security_key'));
  }
  if (name === 'health') {
    const started = nowMicros / microsPerSecond;
    const at = isLater ? new Date(started * 1000).toISOString().replace('.000Z', '.018901Z') : `${started}.299423`;
    return jsonReply(200, { status: 'ok', instantiated_at: at });
  }
  if (dialect === '3.1') return jsonReply(200, { name: 'AgentOS', docs: '/docs', health: '/health', info: '/info' });
  const description = isLater ? {} : { description: 'AI Agent Operating System API' };
  return jsonReply(200, { name: 'AgentOS API', ...description, id: 'contoso-os', version: '1.0.0' });
}

function authenticate(request: PlatformRequest, options: ModelOptions): Reply | null {
  if (options.credential === null) return null;
  const header = request.headers.authorization;
  const bearer = /^bearer (.*)$/i.exec(header ?? '')?.[1];
  // Before 2.7 only the Bearer scheme counts as a header at all.
  if (header === undefined || (options.dialect === '2.3' && bearer === undefined)) {
    return detail(401, 'Authorization header required');
  }
  const token = bearer ?? header;
  if (token === options.credential) return null;
  if (options.dialect !== '2.3' && token.startsWith('agno_pat_')) {
    return detail(401, 'Invalid or expired service account token');
  }
  return detail(401, 'Invalid authentication token');
}
