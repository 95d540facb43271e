import { microsPerSecond, nowMicros, rfc3339 } from './clock.ts';
import { defaultOrg, type EverrunsStore, secondOrg, seedEverruns } from './everruns-data.ts';
import { eventsOf, parseEventsQuery, selectEvents } from './everruns-events.ts';
import { turnsOf } from './everruns-messages.ts';
import { idProblem, isId, parseListQuery } from './everruns-query.ts';
import { agentWire, sessionWire } from './everruns-wire.ts';
import { emptyReply, jsonReply, type PlatformRequest, type Reply, textReply } from './exchange.ts';
import type { ModelOptions, Platform } from './platform.ts';

const orgs = [
  { id: defaultOrg, name: 'Default Organization' },
  { id: secondOrg, name: 'Meridian Labs' },
] as const;
const basePath = '/api';

export function createEverruns(options: ModelOptions): Platform<EverrunsStore> {
  const store = seedEverruns(options);
  return { basePath, store, answer: (request) => answer(request, store, options.credential) };
}

function answer(request: PlatformRequest, store: EverrunsStore, credential: string | null): Reply {
  const [base, version, collection, id, ...rest] = request.segments;
  const known = version === 'v1' && ['sessions', 'agents', 'orgs'].includes(collection ?? '');
  const isBelow = collection === 'sessions' && rest.length === 1 && (rest[0] === 'messages' || rest[0] === 'events');
  if (`/${base}` !== basePath || !known || (rest.length > 0 && !isBelow) || id === '') return emptyReply(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return emptyReply(405, { allow: 'GET,HEAD' });
  const denied = authenticate(request, credential);
  if (denied !== null) return errorJson(401, denied);
  const org = request.headers['x-org-id'] ?? defaultOrg;
  if (!isId(org, 'org')) return errorJson(401, 'Invalid organization ID format');
  if (!orgs.some((each) => each.id === org)) return errorJson(404, 'Organization not found');
  if (collection === 'orgs') return orgReply(id);
  if (isBelow && id !== undefined) return conversationReply(org, id, request, store);
  if (collection === 'sessions') return id === undefined ? list(org, request, store) : getSession(org, id, store);
  if (id !== undefined) return getAgent(org, id, store);
  const active = store.agents.filter((agent) => agent.org === org && !agent.archived);
  return jsonReply(200, { data: active.sort((a, b) => b.createdMicros - a.createdMicros).map(agentWire) });
}

function list(org: string, request: PlatformRequest, { sessions }: EverrunsStore): Reply {
  const query = parseListQuery(request);
  if (typeof query === 'string') return textReply(400, `Failed to deserialize query string: ${query}`);
  const rows = sessions.filter((row) => row.org === org && (query.agentId === null || row.agentId === query.agentId));
  const limit = Math.min(query.limit, 100);
  const data = rows.slice(query.offset, query.offset + limit).map((row) => sessionWire(row.read(), 'list'));
  return jsonReply(200, { data, total: rows.length, offset: query.offset, limit });
}

function getSession(org: string, id: string, { sessions }: EverrunsStore): Reply {
  const problem = idProblem(id, 'session');
  if (problem !== null) return errorJson(400, `Invalid session ID: ${problem}`);
  const row = sessions.find((candidate) => candidate.id === id && candidate.org === org);
  return row === undefined ? errorJson(404, 'Session not found') : jsonReply(200, sessionWire(row.read(), 'single'));
}

/** The messages or the events of a session, all of them unless a limit is set. */
function conversationReply(org: string, id: string, request: PlatformRequest, store: EverrunsStore): Reply {
  const isEvents = request.segments.at(-1) === 'events';
  const query = isEvents ? parseEventsQuery(request) : null;
  if (query !== null && 'words' in query) {
    return query.form === 'text' ? textReply(400, query.words) : errorJson(400, query.words);
  }
  const problem = idProblem(id, 'session');
  if (problem !== null) return errorJson(400, `Invalid session ID: ${problem}`);
  const row = store.sessions.find((candidate) => candidate.id === id && candidate.org === org);
  if (row === undefined) return errorJson(404, 'Session not found');
  if (query === null) {
    const data = turnsOf(row.read(), store).flatMap(({ messages }) => messages);
    return jsonReply(200, { data });
  }
  const events = eventsOf(row.read(), store);
  const count = { 'x-total-count': String(events.length), 'access-control-expose-headers': 'X-Total-Count' };
  return jsonReply(200, { data: selectEvents(events, query) }, query.limit === null ? {} : count);
}

function getAgent(org: string, id: string, { agents }: EverrunsStore): Reply {
  const problem = idProblem(id, 'agent');
  if (problem !== null) return errorJson(400, `Invalid agent ID: ${problem}`);
  const agent = agents.find((candidate) => candidate.id === id && candidate.org === org);
  return agent === undefined ? errorJson(404, 'Agent not found') : jsonReply(200, agentWire(agent));
}

/** The words of the 401, or null. An API key is taken as bearer, as `ApiKey` or bare. */
function authenticate(request: PlatformRequest, credential: string | null): string | null {
  if (credential === null) return null;
  const header = request.headers.authorization;
  if (header === undefined) return 'Authentication required';
  const token = header.replace(/^(Bearer|ApiKey) /, '');
  if (token === credential) return null;
  if (token.startsWith('evr_')) return 'Invalid API key';
  return header.startsWith('Bearer ') ? 'Invalid or expired token' : 'Invalid authorization header';
}

export function errorJson(status: number, error: string): Reply {
  return jsonReply(status, { error });
}

function orgReply(id: string | undefined): Reply {
  const founded = rfc3339(nowMicros - 900 * 86_400 * microsPerSecond);
  const wire = orgs.map((org) => ({ ...org, created_at: founded, updated_at: founded }));
  if (id === undefined) return jsonReply(200, { data: wire });
  if (!isId(id, 'org')) return errorJson(401, 'Invalid organization ID format');
  const org = wire.find((candidate) => candidate.id === id);
  return org === undefined ? errorJson(404, 'Organization not found') : jsonReply(200, org);
}
