import { type AgentScopeStore, type ScopeSession, seedAgentScope } from './agentscope-data.ts';
import { isSince } from './agentscope-dialect.ts';
import { messagesWire } from './agentscope-messages.ts';
import { type MessagesQuery, parseMessagesQuery } from './agentscope-query.ts';
import { agentWire, pythonJson, sessionWire } from './agentscope-wire.ts';
import { emptyReply, jsonReply, lastValue, type PlatformRequest, type Reply } from './exchange.ts';
import type { JsonObject } from './json.ts';
import type { ModelOptions, Platform } from './platform.ts';
import { createRandom, shuffled } from './random.ts';

const components = {
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

export function createAgentScope(options: ModelOptions): Platform<AgentScopeStore> {
  const store = seedAgentScope(options);
  let agentLists = 0;

  const answer = (request: PlatformRequest): Reply => {
    const caller = callerOf(request);
    if ('status' in caller) return caller;
    if (request.segments[0] === 'health') {
      return jsonReply(200, { status: 'ok', version: options.dialect, components });
    }
    if (request.segments[2] === 'messages') return listMessages(request, caller.user, store, options);
    if (caller.agentId !== null) return listSessions(caller.user, caller.agentId, store, options);
    agentLists += 1;
    // Redis keeps a set, whose order is arbitrary: it is another one for each request here.
    const own = agentsOf(caller.user, store, options);
    const mixed = shuffled(own, createRandom(options.seed, 'agent-order', agentLists));
    return jsonReply(200, { agents: mixed.map((agent) => agentWire(agent, options)), total: own.length });
  };

  return { basePath: '', store, answer: (request) => refusal(request, options) ?? answer(request) };
}

function agentsOf(user: string, { agents }: AgentScopeStore, { dialect }: ModelOptions) {
  return agents.filter((agent) => agent.user === user && (agent.source === 'user' || dialect === '2.0.0'));
}

function listSessions(user: string, agentId: string, store: AgentScopeStore, options: ModelOptions): Reply {
  const agent = store.agents.find((candidate) => candidate.id === agentId && candidate.user === user);
  if (agent === undefined) return detail(404, `Agent '${agentId}' not found.`);
  const own = store.sessions.filter((session) => session.agentId === agentId && session.user === user);
  const pieces = listPieces(own, store, options);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: options.stateBytes > 0 ? pieces : [...pieces].join(''),
  };
}

/** Whose agent is asked for does not matter, whose session does. */
function listMessages(request: PlatformRequest, user: string, store: AgentScopeStore, options: ModelOptions): Reply {
  const query = parseMessagesQuery(request, options.dialect);
  if ('status' in query) return query;
  const id = request.segments[1] ?? '';
  const session = store.sessions.find((candidate) => candidate.id === id && candidate.user === user);
  if (session === undefined) return detail(404, `Session '${id}' not found.`);
  const page = pageOf(messagesWire(session, store, options), query);
  const isRunning = session.status === 'running';
  if (query.kind === 'offset') return jsonReply(200, { messages: page.messages, is_running: isRunning });
  const cursor = isSince(options.dialect, '2.0.10') ? { event_cursor: isRunning ? '3-0' : null } : {};
  return jsonReply(200, { messages: page.messages, ...cursor, is_running: isRunning, has_more: page.hasMore });
}

interface MessagePage {
  readonly messages: readonly JsonObject[];
  readonly hasMore: boolean;
}

/** Up to 2.0.4 forwards from an offset, later backwards from a message; oldest first within the page in all. */
function pageOf(all: readonly JsonObject[], query: MessagesQuery): MessagePage {
  if (query.kind === 'offset') {
    return { messages: all.slice(query.offset, query.offset + query.limit), hasMore: false };
  }
  const { before } = query;
  const end = before === null ? all.length : all.findIndex(({ id }) => id === before);
  const start = Math.max(0, end - query.limit);
  return { messages: all.slice(start, Math.max(0, end)), hasMore: start > 0 };
}

function* listPieces(own: readonly ScopeSession[], store: AgentScopeStore, options: ModelOptions): Generator<string> {
  yield '{"sessions":[';
  for (const [index, session] of own.entries()) {
    yield `${index === 0 ? '' : ','}${pythonJson(sessionWire(session, store, options))}`;
  }
  yield `],"total":${own.length}}`;
}

/** What the router answers before anybody reads the parameters. */
function refusal(request: PlatformRequest, { credential, dialect }: ModelOptions): Reply | null {
  if (credential !== null && request.headers.authorization !== `Bearer ${credential}`) {
    return detail(401, 'Unauthorized');
  }
  const [collection, id, ...rest] = request.segments;
  const isCollection = collection === 'sessions' || collection === 'agent';
  const isHealth = collection === 'health' && id === undefined && isSince(dialect, '2.0.6');
  // ASGI decodes the path before it looks for slashes.
  const isMessages = collection === 'sessions' && id !== '' && rest[0] === 'messages' && rest.length <= 2;
  const hasSlash = id !== '' && rest.at(-1) === '' && rest.length === (isMessages ? 2 : 1);
  const isDeep = rest.length > 0 && !hasSlash && !(isMessages && rest.length === 1);
  if (request.segments.some((segment) => segment.includes('/')) || isDeep) return detail(404, 'Not Found');
  if (!isCollection && (!isHealth || hasSlash)) return detail(404, 'Not Found');
  if (hasSlash || (isCollection && id === undefined)) {
    const path = hasSlash ? request.rawPath.replace(/\/$/, '') : `${request.rawPath}/`;
    const query = request.rawQuery === '' ? '' : `?${request.rawQuery}`;
    return emptyReply(307, { location: `${request.origin}${path}${query}` });
  }
  if (isCollection && id !== '' && !isMessages) return notAllowed(collection === 'sessions' ? 'DELETE' : 'PATCH');
  return request.method === 'GET' ? null : notAllowed('GET');
}

interface Caller {
  readonly user: string;
  /** Whose sessions are asked for; null where agents are. */
  readonly agentId: string | null;
}

function callerOf({ segments, headers, query }: PlatformRequest): Caller | Reply {
  const user = headers['x-user-id'];
  const needsAgent = segments[0] === 'sessions';
  const agentId = needsAgent ? lastValue(query, 'agent_id') : null;
  if (user === '') return detail(401, 'X-User-ID header is required.');
  const missing = [
    ...(user === undefined ? [missingField('header', 'x-user-id')] : []),
    ...(needsAgent && agentId === null ? [missingField('query', 'agent_id')] : []),
  ];
  if (user === undefined || missing.length > 0) return jsonReply(422, { detail: missing });
  return { user, agentId };
}

function notAllowed(allow: string): Reply {
  return jsonReply(405, { detail: 'Method Not Allowed' }, { allow });
}

export function detail(status: number, text: string): Reply {
  return jsonReply(status, { detail: text });
}

function missingField(place: string, name: string): unknown {
  return { type: 'missing', loc: [place, name], msg: 'Field required', input: null };
}
