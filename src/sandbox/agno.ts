import { STATUS_CODES } from 'node:http';
import { type AgnoComponent, type AgnoSession, agnoAgent, agnoGroup, agnoSession, seedAgno } from './agno-data.ts';
import { databaseProblem, detail, isKind, matchesName, parseListQuery, sortRows, typeProblem } from './agno-query.ts';
import {
  componentWire,
  configWire,
  detailWire,
  infoWire,
  rowWire,
  workflowSummaryWire,
  workflowWire,
} from './agno-wire.ts';
import { createLogicalClock, MICROS_PER_SECOND, NOW_MICROS } from './clock.ts';
import {
  emptyReply,
  jsonReply,
  lastValue,
  type ModelOptions,
  type PlatformModel,
  type PlatformRequest,
  type Reply,
} from './exchange.ts';
import type { ComponentKind, NewSession } from './platform.ts';
import { createRandom } from './random.ts';

const COLLECTIONS = ['sessions', 'agents', 'teams', 'workflows'] as const;
const SINGLES = ['info', 'config', 'health', ''] as const;
const KIND_WORDS = { agent: 'Agent', team: 'Team', workflow: 'Workflow' } as const;

export function createAgno(options: ModelOptions): PlatformModel {
  const { dialect } = options;
  const { databases } = options.quirks;
  const isLater = dialect !== '2.3';
  const seeded = seedAgno(options);
  const components: AgnoComponent[] = [...seeded.components];
  const sessions: AgnoSession[] = [...seeded.sessions];
  const nextCreation = createLogicalClock();
  let requestNumber = 0;
  let addedCount = 0;

  /** Sessions lie with their agent, team or workflow; those of none or of one that is gone in the first database. */
  const isIn = ({ kind, componentId }: AgnoSession, database: string | null): boolean => {
    const owner = components.find((component) => component.kind === kind && component.id === componentId);
    return database === null || (owner?.database ?? databases[0]) === database;
  };

  const unreadableReply = (): Reply =>
    detail(500, dialect === '3.1' ? 'Internal server error (ValidationError)' : '1 validation error for SessionSchema');

  const listSessions = (request: PlatformRequest): Reply => {
    const query = parseListQuery(request, dialect, databases);
    if ('status' in query) return query;
    const matching = sessions.filter(
      (session) =>
        isIn(session, query.database) &&
        (query.type === null || session.kind === query.type) &&
        (query.componentId === null || session.componentId === query.componentId) &&
        (query.user === null || session.user === query.user) &&
        (query.name === null || matchesName(session, query.name, options.quirks.nameFilter)),
    );
    const sorted = sortRows(matching, query, options.quirks, createRandom(options.seed, 'ties', requestNumber));
    // A negative OFFSET, as page 0 makes it, counts as none.
    const offset = Math.max(0, (query.page - 1) * query.limit);
    const shown = sorted.slice(offset, offset + query.limit);
    if (shown.some(({ unreadable }) => unreadable)) return unreadableReply();
    const data = shown.map((session) => rowWire(session, dialect));
    const meta = {
      page: query.page,
      limit: query.limit,
      total_pages: Math.ceil(matching.length / query.limit),
      total_count: matching.length,
      search_time_ms: 0,
    };
    const body = JSON.stringify({ data, meta });
    // Python writes this last number as a float.
    return { ...jsonReply(200, null), body: `${body.slice(0, -3)}0.0}}` };
  };

  const getSession = (request: PlatformRequest, id: string): Reply => {
    const type = lastValue(request.query, 'type');
    if (type !== null && !isKind(type)) return typeProblem(type);
    const problem = databaseProblem(request.query, databases);
    if (problem !== null) return detail(problem.status, problem.text);
    const user = lastValue(request.query, 'user_id');
    const session = sessions.find((candidate) => candidate.id === id);
    const expected: ComponentKind | null = type ?? (isLater ? null : 'agent');
    const isHere = session !== undefined && isIn(session, lastValue(request.query, 'db_id'));
    if (!isHere || (user !== null && session.user !== user)) {
      const words = expected === null ? '' : `${KIND_WORDS[expected]} `;
      return detail(404, `${words}Session with id '${id}' not found`);
    }
    if (session.unreadable) return unreadableReply();
    return jsonReply(200, detailWire(session, expected ?? session.kind, dialect));
  };

  const componentReply = (kind: ComponentKind, id: string | undefined): Reply => {
    const own = components.filter((component) => component.kind === kind);
    if (id === undefined) {
      const wire = kind === 'workflow' ? workflowSummaryWire : componentWire;
      return jsonReply(
        200,
        own.map((component) => wire(component, dialect)),
      );
    }
    const component = own.find((candidate) => candidate.id === id);
    if (component === undefined) return detail(404, `${KIND_WORDS[kind]} not found`);
    return jsonReply(200, (kind === 'workflow' ? workflowWire : componentWire)(component, dialect));
  };

  const single = (name: string): Reply => {
    const authMode = options.credential === null ? 'none' : 'security_key';
    if (name === 'config') return jsonReply(200, configWire(components, dialect, databases));
    if (name === 'info') return jsonReply(200, infoWire(components, options.quirks.agnoVersion, authMode));
    const started = NOW_MICROS / MICROS_PER_SECOND;
    if (name === 'health') {
      const at = isLater ? new Date(started * 1000).toISOString().replace('.000Z', '.018901Z') : `${started}.299423`;
      return jsonReply(200, { status: 'ok', instantiated_at: at });
    }
    if (dialect === '3.1') {
      return jsonReply(200, { name: 'AgentOS', docs: '/docs', health: '/health', info: '/info' });
    }
    const description = isLater ? {} : { description: 'AI Agent Operating System API' };
    return jsonReply(200, { name: 'AgentOS API', ...description, id: 'contoso-os', version: '1.0.0' });
  };

  const route = (request: PlatformRequest): Reply => {
    // Later versions cut a trailing slash in a middleware; 2.3 redirects.
    const hasSlash = request.segments.length > 1 && request.segments.at(-1) === '';
    const [name = '', id, ...rest] = hasSlash ? request.segments.slice(0, -1) : request.segments;
    const isCollection = COLLECTIONS.some((collection) => collection === name);
    const isSingle = SINGLES.some((path) => path === name) && id === undefined && (isLater || name !== 'info');
    // ASGI decodes the path before it looks for slashes, so an id with a slash is never found.
    const isKnown = (isCollection || isSingle) && rest.length === 0 && !(id?.includes('/') ?? false);
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
    if (isSingle) return single(name);
    if (name === 'sessions') return id === undefined ? listSessions(request) : getSession(request, id);
    const kind = name === 'agents' ? 'agent' : name === 'teams' ? 'team' : 'workflow';
    return componentReply(kind, id);
  };

  const newestFirst = (): readonly AgnoSession[] =>
    [...sessions].reverse().sort((a, b) => (b.createdAt ?? -1) - (a.createdAt ?? -1));

  const sessionIndex = (id: string): number => sessions.findIndex((session) => session.id === id);

  return {
    dialect,
    basePath: '',
    answer: (request) => {
      requestNumber += 1;
      const reply = route(request);
      // The 401 of the later middleware is made before the CORS one adds its header.
      const isEarly = isLater && reply.status === 401;
      return isEarly ? reply : { ...reply, headers: { ...reply.headers, vary: 'Origin' } };
    },
    errorReply: (status) => detail(status, status === 500 ? 'db exploded' : (STATUS_CODES[status] ?? 'Error')),
    addSession: (input = {}) => {
      addedCount += 1;
      const added = toAdded(input, createRandom(options.seed, 'agno-added', addedCount).hex(32));
      sessions.push(added);
      return added.id;
    },
    updateSession: (id, change) => {
      const index = sessionIndex(id);
      const session = sessions[index];
      if (session === undefined) return false;
      sessions[index] = {
        ...session,
        sessionData: change.title === undefined ? session.sessionData : named(session.sessionData, change.title),
        user: change.user ?? session.user,
        updatedAt: change.updatedAt === undefined ? (session.updatedAt ?? 0) + 1 : Math.floor(change.updatedAt / 1000),
      };
      return true;
    },
    deleteSession: (id) => {
      const index = sessionIndex(id);
      if (index !== -1) sessions.splice(index, 1);
      return index !== -1;
    },
    addAgent: (input = {}) => {
      const name = input.name ?? `Component ${components.length + 1}`;
      const id = input.id ?? name.toLowerCase().replace(/[ _]/g, '-');
      const kind = input.kind === 'team' || input.kind === 'workflow' ? input.kind : 'agent';
      const base = kind === 'agent' ? agnoAgent(components.length, id, name) : agnoGroup(kind, id, name, []);
      components.push({ ...base, description: input.description ?? base.description });
      return id;
    },
    deleteAgent: (id) => {
      const index = components.findIndex((component) => component.id === id);
      if (index !== -1) components.splice(index, 1);
      return index !== -1;
    },
    sessionIds: (owner) =>
      newestFirst()
        .filter(({ user }) => owner === undefined || user === owner)
        .map(({ id }) => id),
    agentIds: () => components.filter(({ kind }) => kind === 'agent').map(({ id }) => id),
    ownerOf: (id) => sessions[sessionIndex(id)]?.user ?? null,
    agentOf: (id) => sessions[sessionIndex(id)]?.componentId ?? null,
  };

  function toAdded(input: NewSession, generatedId: string): AgnoSession {
    const kind = input.kind ?? 'agent';
    const component =
      components.find(
        (candidate) => candidate.kind === kind && (input.agent === undefined || candidate.id === input.agent),
      ) ?? (kind === 'agent' ? agnoAgent(0, input.agent) : agnoGroup(kind, input.agent ?? kind, KIND_WORDS[kind], []));
    const random = createRandom(options.seed, 'agno-added-session', addedCount);
    const isUndated = input.createdAt === null && input.createdAtMicros === undefined;
    const createdAt = isUndated ? null : Math.floor(nextCreation(input) / MICROS_PER_SECOND);
    const session = agnoSession({ random, component, createdAt, user: input.user ?? random.pick(options.users) });
    return {
      ...session,
      id: input.id ?? generatedId,
      componentId: component.id,
      updatedAt: input.updatedAt === undefined ? createdAt : Math.floor(input.updatedAt / 1000),
      sessionData: input.title === undefined ? session.sessionData : named(session.sessionData, input.title),
      run: input.title === null ? null : session.run,
      unreadable: input.unreadable ?? false,
    };
  }
}

function named(data: AgnoSession['sessionData'], name: string | null): AgnoSession['sessionData'] {
  const { session_name: _, ...rest } = data ?? {};
  return name === null ? rest : { session_name: name, ...rest };
}

function authenticate(request: PlatformRequest, options: ModelOptions): Reply | null {
  if (options.credential === null) return null;
  const header = request.header('authorization');
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
