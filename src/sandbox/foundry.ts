import { STATUS_CODES } from 'node:http';
import { createLogicalClock, MICROS_PER_SECOND } from './clock.ts';
import {
  jsonReply,
  lastValue,
  type ModelOptions,
  type PlatformModel,
  type PlatformRequest,
  type Reply,
} from './exchange.ts';
import { type FoundryAgent, type FoundrySession, foundryAgent, foundrySession, seedFoundry } from './foundry-data.ts';
import { agentWire, sessionWire, versionWire } from './foundry-wire.ts';
import { newestFirstIndex, shuffleTies } from './order.ts';
import type { SessionChange } from './platform.ts';
import { createRandom } from './random.ts';

const PROJECT_PATH = '/api/projects/contoso-agents';
const API_VERSIONS = ['v1', '2025-11-15-preview', '2025-05-15-preview', '2025-05-01'];

export function createFoundry(options: ModelOptions): PlatformModel {
  const seeded = seedFoundry(options);
  const agents: FoundryAgent[] = [...seeded.agents];
  const sessions: FoundrySession[] = [...seeded.sessions];
  const nextCreation = createLogicalClock();
  let requestNumber = 0;
  let addedCount = 0;

  const indexOf = (id: string): number => {
    const exact = sessions.findIndex((session) => `${session.agent}/${session.id}` === id);
    return exact === -1 ? sessions.findIndex((session) => session.id === id) : exact;
  };

  const page = <T>(request: PlatformRequest, newestFirst: readonly T[], shape: Paged<T>): Reply => {
    const query = parsePageQuery(request);
    if ('status' in query) return query;
    const ordered = query.order === 'desc' ? newestFirst : [...newestFirst].reverse();
    const items = options.quirks.shuffleTies
      ? shuffleTies(ordered, shape.timeOf, createRandom(options.seed, 'ties', requestNumber))
      : ordered;
    const after = query.after === null ? -1 : items.findIndex((item) => shape.idOf(item) === query.after);
    const before = query.before === null ? items.length : items.findIndex((item) => shape.idOf(item) === query.before);
    for (const [param, lost] of [
      ['after', query.after !== null && after === -1],
      ['before', query.before !== null && before === -1],
    ] as const) {
      if (!lost) continue;
      if (options.quirks.unknownAfter === 'empty') return jsonReply(200, { data: [], has_more: false });
      return invalid(`No object with id '${query[param]}' was found.`, param);
    }
    const open = items.slice(after + 1, Math.max(before, after + 1));
    // `before` alone answers the items nearest to it; nothing documents this.
    const backwards = query.before !== null && query.after === null;
    const data = backwards ? open.slice(-query.limit) : open.slice(0, query.limit);
    const [first, last] = [data[0], data.at(-1)];
    const ids =
      first === undefined || last === undefined ? {} : { first_id: shape.idOf(first), last_id: shape.idOf(last) };
    return jsonReply(200, { data: data.map(shape.wire), ...ids, has_more: data.length < open.length });
  };

  const sessionReply = (request: PlatformRequest, agent: FoundryAgent, id: string | undefined): Reply => {
    if (options.quirks.requireFeatureHeader && request.header('foundry-features') === undefined)
      return previewRequired();
    const user = request.header('x-ms-user-identity') ?? request.header('x-ms-user-isolation-key');
    if (id === undefined) {
      const own = sessions.filter(
        ({ agent: name, owner }) => name === agent.name && (owner === user || user === undefined),
      );
      return page(request, own, { idOf: (item) => item.id, timeOf: (item) => item.createdAt, wire: sessionWire });
    }
    const session = sessions.find((candidate) => candidate.agent === agent.name && candidate.id === id);
    if (session === undefined || /^(deleted|expired)$/i.test(session.status)) {
      return failure(404, 'session_not_found', `Session '${id}' was not found or has been deleted.`);
    }
    if (user !== undefined && session.owner !== user) {
      return failure(403, 'session_not_accessible', `Session '${id}' belongs to another identity.`);
    }
    return jsonReply(200, sessionWire(session));
  };

  const route = (request: PlatformRequest): Reply => {
    if (`/${request.segments.slice(0, 3).join('/')}` !== PROJECT_PATH) {
      return failure(404, 'NotFound', 'The project does not exist.');
    }
    if (options.credential !== null && request.header('authorization') !== `Bearer ${options.credential}`) {
      return jsonReply(401, {
        error: { code: 'Unauthorized', message: 'Access denied due to a missing or invalid token.' },
      });
    }
    const apiVersion = lastValue(request.query, 'api-version');
    if (apiVersion === null) return invalid("The required query parameter 'api-version' is missing.", 'api-version');
    if (!API_VERSIONS.includes(apiVersion))
      return invalid(`API version '${apiVersion}' is not supported.`, 'api-version');
    if (request.method !== 'GET') return failure(405, 'MethodNotAllowed', 'This sandbox is read-only.');
    const [collection, name, part, ...rest] = request.segments.slice(3);
    if (collection !== 'agents') return failure(404, 'NotFound', 'Resource not found.');
    if (name === undefined) {
      const kind = lastValue(request.query, 'kind');
      const chosen = agents.filter((agent) => kind === null || agent.kind === kind);
      const newestFirst = chosen.sort((a, b) => b.createdAt - a.createdAt);
      return page(request, newestFirst, {
        idOf: (item) => item.name,
        timeOf: (item) => item.createdAt,
        wire: agentWire,
      });
    }
    const agent = agents.find((candidate) => candidate.name === name);
    if (agent === undefined) return failure(404, 'not_found', `Agent '${name}' doesn't exist.`);
    if (part === undefined) return jsonReply(200, agentWire(agent));
    if (part === 'endpoint' && rest[0] === 'sessions' && rest.length <= 2) {
      if (agent.kind !== 'hosted') return invalid(`Agent '${name}' is not a hosted agent.`, 'agent_name');
      return sessionReply(request, agent, rest[1]);
    }
    if (part !== 'versions' || rest.length > 1) return failure(404, 'NotFound', 'Resource not found.');
    const wire = versionWire(agent);
    if (rest[0] === undefined) {
      const newestFirst = [...agent.versions].reverse();
      return page(request, newestFirst, {
        idOf: (item) => `${name}:${item.version}`,
        timeOf: (item) => item.createdAt,
        wire,
      });
    }
    const version = agent.versions.find((candidate) => candidate.version === rest[0]);
    if (version === undefined)
      return failure(404, 'not_found', `Version '${rest[0]}' of agent '${name}' doesn't exist.`);
    return jsonReply(200, wire(version));
  };

  return {
    dialect: null,
    basePath: PROJECT_PATH,
    answer: (request) => {
      requestNumber += 1;
      return route(request);
    },
    errorReply: (status) => failure(status, errorCode(status), STATUS_CODES[status] ?? 'Error'),
    addSession: (input = {}) => {
      const agent = agents.find(({ name, kind }) =>
        input.agent === undefined ? kind === 'hosted' : name === input.agent,
      );
      if (agent === undefined) throw new Error(`Foundry has no hosted agent ${input.agent ?? ''}.`);
      addedCount += 1;
      const random = createRandom(options.seed, 'foundry-added', addedCount);
      const createdAt = Math.floor(nextCreation(input) / MICROS_PER_SECOND);
      const session: FoundrySession = {
        ...foundrySession({ random, agent, createdAt, owner: input.user ?? random.pick(options.users) }),
        version: agent.versions.at(-1)?.version ?? '1',
        status: input.status ?? 'active',
        lastAccessedAt: input.updatedAt === undefined ? createdAt : Math.floor(input.updatedAt / 1000),
        stoppedAt: null,
      };
      const named = { ...session, id: input.id ?? session.id };
      sessions.splice(
        newestFirstIndex(sessions, createdAt, (item) => item.createdAt),
        0,
        named,
      );
      return named.id;
    },
    updateSession: (id, change: SessionChange) => {
      const index = indexOf(id);
      const session = sessions[index];
      if (session === undefined) return false;
      sessions[index] = {
        ...session,
        owner: change.user ?? session.owner,
        status: change.status ?? session.status,
        lastAccessedAt:
          change.updatedAt === undefined ? session.lastAccessedAt + 1 : Math.floor(change.updatedAt / 1000),
      };
      return true;
    },
    deleteSession: (id) => {
      const index = indexOf(id);
      const session = sessions[index];
      if (session === undefined) return false;
      if (options.quirks.purgeDeleted) sessions.splice(index, 1);
      else sessions[index] = { ...session, status: 'deleted' };
      return true;
    },
    addAgent: (input = {}) => {
      const agent = foundryAgent(agents.length, options.seed, input.kind ?? 'hosted', input.id ?? input.name);
      const latest = Math.max(0, ...agents.map(({ createdAt }) => createdAt));
      agents.push({ ...agent, createdAt: latest + 1 });
      return agent.name;
    },
    deleteAgent: (id) => {
      const index = agents.findIndex(({ name }) => name === id);
      if (index !== -1) agents.splice(index, 1);
      return index !== -1;
    },
    sessionIds: (owner) =>
      sessions
        .filter((session) => owner === undefined || session.owner === owner)
        .filter((session) => agents.some(({ name }) => name === session.agent))
        .map(({ id }) => id),
    agentIds: () => agents.map(({ name }) => name),
    ownerOf: (id) => sessions[indexOf(id)]?.owner ?? null,
    agentOf: (id) => sessions[indexOf(id)]?.agent ?? null,
  };
}

interface Paged<T> {
  readonly idOf: (item: T) => string;
  readonly timeOf: (item: T) => number;
  readonly wire: (item: T) => unknown;
}

interface PageQuery {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: string | null;
  readonly before: string | null;
}

function parsePageQuery({ query }: PlatformRequest): PageQuery | Reply {
  const limit = lastValue(query, 'limit') ?? '20';
  if (!/^\d+$/.test(limit) || Number(limit) < 1 || Number(limit) > 100) {
    return invalid(`Invalid value '${limit}' for limit: it must be an integer between 1 and 100.`, 'limit');
  }
  const order = lastValue(query, 'order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc')
    return invalid(`Invalid value '${order}' for order: use asc or desc.`, 'order');
  return { limit: Number(limit), order, after: lastValue(query, 'after'), before: lastValue(query, 'before') };
}

function errorCode(status: number): string {
  if (status === 429) return 'rate_limit_exceeded';
  if (status === 401) return 'PermissionDenied';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

function invalid(message: string, param: string): Reply {
  return jsonReply(400, { error: { code: 'invalid_request_error', message, param, type: 'invalid_request_error' } });
}

function failure(status: number, code: string, message: string): Reply {
  const requestId = createRandom(status, code, message).hex(32);
  return jsonReply(status, {
    error: {
      code,
      message: `${message} [Request ID: ${requestId}]`,
      type: status < 500 ? 'invalid_request_error' : 'server_error',
      details: [],
      additionalInfo: { request_id: requestId },
    },
  });
}

function previewRequired(): Reply {
  const message =
    "Hosted agents is in preview. This operation requires the following opt-in preview feature(s): HostedAgents=V1Preview. Include the 'Foundry-Features: HostedAgents=V1Preview' header in your request.";
  return jsonReply(403, {
    error: { code: 'preview_feature_required', message, param: 'Foundry-Features', type: 'invalid_request_error' },
  });
}
