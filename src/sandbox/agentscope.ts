import { STATUS_CODES } from 'node:http';
import { type ScopeAgent, type ScopeSession, scopeAgent, scopeSession, seedAgentScope } from './agentscope-data.ts';
import { isSince } from './agentscope-dialect.ts';
import { agentWire, pythonJson, sessionWire } from './agentscope-wire.ts';
import { createLogicalClock } from './clock.ts';
import {
  emptyReply,
  jsonReply,
  lastValue,
  type ModelOptions,
  type PlatformModel,
  type PlatformRequest,
  type Reply,
  textReply,
} from './exchange.ts';
import { newestFirstIndex, shuffleTies } from './order.ts';
import { createRandom, shuffled } from './random.ts';

const JSON_TYPE = { 'content-type': 'application/json' } as const;

const COMPONENTS = {
  storage: 'ok',
  message_bus: 'ok',
  workspace_manager: 'ok',
  scheduler_manager: 'ok',
  background_task_manager: 'ok',
  chat_run_registry: 'ok',
  chat_service: 'ok',
  session_service: 'ok',
  resource_access_service: 'ok',
  knowledge_base: 'disabled',
  mcp_hubs: 'disabled',
  skill_hubs: 'disabled',
} as const;

export function createAgentScope(options: ModelOptions): PlatformModel {
  const seeded = seedAgentScope(options);
  const agents: ScopeAgent[] = [...seeded.agents];
  const sessions: ScopeSession[] = [...seeded.sessions];
  const data = { agents, sessions, teams: seeded.teams };
  const nextCreation = createLogicalClock();
  const firstUser = options.users[0] ?? 'alice';
  let requestNumber = 0;
  let addedCount = 0;

  const listSessions = (user: string, agentId: string): Reply => {
    const agent = agents.find((candidate) => candidate.id === agentId && candidate.user === user);
    if (agent === undefined) return detail(404, `Agent '${agentId}' not found.`);
    const own = sessions.filter((session) => session.agentId === agentId && session.user === user);
    if (own.some(({ name }) => name === null)) return serverError();
    const ordered = options.quirks.shuffleTies
      ? shuffleTies(own, (session) => session.createdMicros, createRandom(options.seed, 'ties', requestNumber))
      : own;
    return {
      status: 200,
      headers: JSON_TYPE,
      body: options.stateBytes > 0 ? pieces(ordered) : [...pieces(ordered)].join(''),
    };
  };

  function* pieces(ordered: readonly ScopeSession[]): Generator<string> {
    yield '{"sessions":[';
    for (const [index, session] of ordered.entries()) {
      yield `${index === 0 ? '' : ','}${pythonJson(sessionWire(session, data, options))}`;
    }
    yield `],"total":${ordered.length}}`;
  }

  /** Redis keeps a set, whose order is arbitrary: it is another one for each request here. */
  const listAgents = (user: string): Reply => {
    const own = agents.filter(
      (agent) => agent.user === user && (agent.source === 'user' || options.dialect === '2.0.0'),
    );
    const mixed = shuffled(own, createRandom(options.seed, 'agent-order', requestNumber));
    return jsonReply(200, { agents: mixed.map((agent) => agentWire(agent, options)), total: own.length });
  };

  const route = (request: PlatformRequest): Reply => {
    if (options.credential !== null && request.header('authorization') !== `Bearer ${options.credential}`) {
      return detail(401, 'Unauthorized');
    }
    const [collection, id, ...rest] = request.segments;
    const isCollection = collection === 'sessions' || collection === 'agent';
    const isHealth = collection === 'health' && id === undefined && isSince(options.dialect, '2.0.6');
    // ASGI decodes the path before it looks for slashes.
    const hasSlash = rest.length === 1 && rest[0] === '' && id !== '';
    if (request.segments.some((segment) => segment.includes('/')) || (rest.length > 0 && !hasSlash)) {
      return detail(404, 'Not Found');
    }
    if (!isCollection && !isHealth) return detail(404, 'Not Found');
    if (hasSlash && !isCollection) return detail(404, 'Not Found');
    if (hasSlash || (isCollection && id === undefined)) {
      const path = hasSlash ? request.rawPath.replace(/\/$/, '') : `${request.rawPath}/`;
      const query = request.rawQuery === '' ? '' : `?${request.rawQuery}`;
      return emptyReply(307, { location: `${request.origin}${path}${query}` });
    }
    if (isCollection && id !== '') {
      const allow = collection === 'sessions' ? 'DELETE' : 'PATCH';
      return jsonReply(405, { detail: 'Method Not Allowed' }, { allow });
    }
    if (request.method !== 'GET') return jsonReply(405, { detail: 'Method Not Allowed' }, { allow: 'GET' });

    const user = request.header('x-user-id');
    const agentId = collection === 'sessions' ? lastValue(request.query, 'agent_id') : '';
    if (user === '') return detail(401, 'X-User-ID header is required.');
    const missing = [
      ...(user === undefined ? [missingField('header', 'x-user-id')] : []),
      ...(agentId === null ? [missingField('query', 'agent_id')] : []),
    ];
    if (user === undefined || agentId === null) return jsonReply(422, { detail: missing });
    if (isHealth) return jsonReply(200, { status: 'ok', version: options.dialect, components: COMPONENTS });
    return collection === 'agent' ? listAgents(user) : listSessions(user, agentId);
  };

  const sessionIndex = (id: string): number => sessions.findIndex((session) => session.id === id);

  return {
    dialect: options.dialect,
    basePath: '',
    answer: (request) => {
      requestNumber += 1;
      return route(request);
    },
    errorReply: (status) => (status >= 500 ? serverError(status) : detail(status, STATUS_CODES[status] ?? 'Error')),
    addSession: (input = {}) => {
      const wanted = (agent: ScopeAgent): boolean =>
        input.agent === undefined
          ? agent.user === (input.user ?? firstUser) && agent.source === 'user'
          : agent.id === input.agent;
      const agent = agents.find(wanted);
      if (agent === undefined)
        throw new Error(`AgentScope has no agent ${input.agent ?? `of ${input.user ?? firstUser}`}.`);
      addedCount += 1;
      const random = createRandom(options.seed, 'agentscope-added', addedCount);
      const createdMicros = nextCreation(input);
      const session = scopeSession({ random, agent, createdMicros, options });
      const added: ScopeSession = {
        ...session,
        id: input.id ?? session.id,
        name: input.title ?? session.name,
        status: input.status ?? 'idle',
        updatedMicros: input.updatedAt === undefined ? createdMicros : input.updatedAt * 1000,
      };
      sessions.splice(
        newestFirstIndex(sessions, createdMicros, (item) => item.createdMicros),
        0,
        added,
      );
      return added.id;
    },
    updateSession: (id, change) => {
      const index = sessionIndex(id);
      const session = sessions[index];
      if (session === undefined) return false;
      const nulled = change.title === null && options.dialect === '2.0.1';
      sessions[index] = {
        ...session,
        name: nulled ? null : (change.title ?? session.name),
        status: change.status ?? session.status,
        updatedMicros: change.updatedAt === undefined ? session.updatedMicros + 1 : change.updatedAt * 1000,
      };
      return true;
    },
    deleteSession: (id) => {
      const index = sessionIndex(id);
      if (index !== -1) sessions.splice(index, 1);
      return index !== -1;
    },
    addAgent: (input = {}) => {
      const agent = scopeAgent(options.seed, agents.length, input.user ?? firstUser, 'user');
      const added = { ...agent, id: input.id ?? agent.id, name: input.name ?? agent.name };
      agents.push(added);
      return added.id;
    },
    deleteAgent: (id) => {
      const index = agents.findIndex((agent) => agent.id === id);
      if (index === -1) return false;
      agents.splice(index, 1);
      const left = sessions.filter(({ agentId }) => agentId !== id);
      sessions.splice(0, sessions.length, ...left);
      return true;
    },
    sessionIds: (owner = firstUser) => sessions.filter(({ user }) => user === owner).map(({ id }) => id),
    agentIds: (owner = firstUser) => agents.filter(({ user }) => user === owner).map(({ id }) => id),
    ownerOf: (id) => sessions[sessionIndex(id)]?.user ?? null,
    agentOf: (id) => sessions[sessionIndex(id)]?.agentId ?? null,
  };
}

function detail(status: number, text: string): Reply {
  return jsonReply(status, { detail: text });
}

function serverError(status = 500): Reply {
  return textReply(status, STATUS_CODES[status] ?? 'Internal Server Error');
}

function missingField(place: string, name: string): unknown {
  return { type: 'missing', loc: [place, name], msg: 'Field required', input: null };
}
