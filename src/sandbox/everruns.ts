import { STATUS_CODES } from 'node:http';
import { createLogicalClock, MICROS_PER_SECOND, NOW_MICROS, rfc3339 } from './clock.ts';
import { agentProfile } from './corpus.ts';
import {
  DEFAULT_ORG,
  type EverrunsAgent,
  type EverrunsSession,
  SECOND_ORG,
  seedEverruns,
  toSession,
} from './everruns-data.ts';
import { idProblem, isId, parseListQuery } from './everruns-query.ts';
import { agentWire, sessionWire } from './everruns-wire.ts';
import {
  emptyReply,
  jsonReply,
  type ModelOptions,
  type PlatformModel,
  type PlatformRequest,
  type Reply,
  textReply,
} from './exchange.ts';
import { newestFirstIndex, shuffledWindow } from './order.ts';
import { createRandom } from './random.ts';

const ORGS = [
  { id: DEFAULT_ORG, name: 'Default Organization' },
  { id: SECOND_ORG, name: 'Meridian Labs' },
] as const;
const BASE_PATH = '/api';

export function createEverruns(options: ModelOptions): PlatformModel {
  const seeded = seedEverruns(options);
  const added: EverrunsSession[] = [];
  const changed = new Map<number, Partial<EverrunsSession>>();
  const agents: EverrunsAgent[] = [...seeded.agents];
  const rowsOf = new Map<string, number[]>([
    [DEFAULT_ORG, []],
    [SECOND_ORG, []],
  ]);
  for (let row = 0; row < seeded.count; row += 1) rowsOf.get(seeded.org(row))?.push(row);
  const agentsOfRows = Array.from({ length: seeded.count }, (_, row) => seeded.agentId(row));
  const addedRows = new Map<string, number>();
  const nextCreation = createLogicalClock();
  let requestNumber = 0;

  const createdOf = (row: number): number => added[row - seeded.count]?.createdMicros ?? seeded.createdMicros(row);
  const orgOf = (row: number): string => added[row - seeded.count]?.org ?? seeded.org(row);
  const idOf = (row: number): string => added[row - seeded.count]?.id ?? seeded.id(row);
  const agentIdOf = (row: number): string | undefined => agentsOfRows[row] ?? added[row - seeded.count]?.agentId;
  const sessionAt = (row: number): EverrunsSession => ({
    ...(added[row - seeded.count] ?? seeded.session(row)),
    ...changed.get(row),
  });
  const liveRow = (id: string): number | null => {
    const row = addedRows.get(id) ?? seeded.rowOf(id);
    if (row === null) return null;
    return positionOf(rowsOf.get(orgOf(row)) ?? [], row, createdOf) === -1 ? null : row;
  };

  const list = (org: string, request: PlatformRequest): Reply => {
    const query = parseListQuery(request);
    if (typeof query === 'string') return textReply(400, `Failed to deserialize query string: ${query}`);
    const all = rowsOf.get(org) ?? [];
    const known = agents.some((agent) => agent.org === org && agent.id === query.agentId);
    const { ignoresAgentId, unknownAgent } = options.quirks;
    const unfiltered = query.agentId === null || ignoresAgentId || (!known && unknownAgent === 'everything');
    const rows = unfiltered ? all : all.filter((row) => agentIdOf(row) === query.agentId);
    const limit = Math.min(query.limit, 100);
    const page = options.quirks.shuffleTies
      ? shuffledWindow(rows, query.offset, limit, createdOf, createRandom(options.seed, 'ties', requestNumber))
      : rows.slice(query.offset, query.offset + limit);
    const data = page.map((row) => sessionWire(sessionAt(row), 'list'));
    return jsonReply(200, { data, total: rows.length, offset: query.offset, limit });
  };

  const route = (request: PlatformRequest): Reply => {
    const [base, version, collection, id, ...rest] = request.segments;
    const known = version === 'v1' && ['sessions', 'agents', 'orgs'].includes(collection ?? '');
    if (`/${base}` !== BASE_PATH || !known || rest.length > 0 || id === '') return emptyReply(404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return emptyReply(405, { allow: 'GET,HEAD' });
    const denied = authenticate(request, options.credential);
    if (denied !== null) return errorJson(401, denied);
    const org = request.header('x-org-id') ?? DEFAULT_ORG;
    if (!isId(org, 'org')) return errorJson(401, 'Invalid organization ID format');
    if (!rowsOf.has(org)) return errorJson(404, 'Organization not found');
    if (collection === 'orgs') return orgReply(id);
    if (collection === 'sessions') return id === undefined ? list(org, request) : getSession(org, id);
    if (id !== undefined) return getAgent(org, id);
    const active = agents.filter((agent) => agent.org === org && !agent.archived);
    return jsonReply(200, { data: active.sort((a, b) => b.createdMicros - a.createdMicros).map(agentWire) });
  };

  const getSession = (org: string, id: string): Reply => {
    const problem = idProblem(id, 'session');
    if (problem !== null) return errorJson(400, `Invalid session ID: ${problem}`);
    const row = liveRow(id);
    if (row === null || orgOf(row) !== org) return errorJson(404, 'Session not found');
    return jsonReply(200, sessionWire(sessionAt(row), 'single'));
  };

  const getAgent = (org: string, id: string): Reply => {
    const problem = idProblem(id, 'agent');
    if (problem !== null) return errorJson(400, `Invalid agent ID: ${problem}`);
    const agent = agents.find((candidate) => candidate.id === id && candidate.org === org);
    return agent === undefined ? errorJson(404, 'Agent not found') : jsonReply(200, agentWire(agent));
  };

  return {
    dialect: null,
    basePath: BASE_PATH,
    answer: (request) => {
      requestNumber += 1;
      return route(request);
    },
    errorReply: (status) =>
      errorJson(status, status === 500 ? 'Internal server error' : (STATUS_CODES[status] ?? 'Error')),
    addSession: (input = {}) => {
      const row = seeded.count + added.length;
      const org = input.user ?? DEFAULT_ORG;
      const own = agents.filter((agent) => agent.org === org && !agent.archived);
      const agent = agents.find(({ id }) => id === input.agent) ?? own[0];
      if (agent === undefined) throw new Error('Everruns needs an agent before it can have a session.');
      const random = createRandom(options.seed, 'everruns-added', row);
      const createdMicros = nextCreation(input);
      const session = toSession({
        random,
        id: input.id ?? `session_${random.hex(32)}`,
        agent,
        createdMicros,
        models: [`model_${createRandom(options.seed, 'model', 0).hex(32)}`],
      });
      added.push({
        ...session,
        agentId: input.agent ?? agent.id,
        createdNanos: 0,
        updatedMicros: input.updatedAt === undefined ? createdMicros : input.updatedAt * 1000,
        title: input.title === undefined ? session.title : input.title,
        status: input.status ?? 'started',
      });
      addedRows.set(session.id, row);
      const rows = rowsOf.get(agent.org);
      rows?.splice(newestFirstIndex(rows, createdMicros, createdOf), 0, row);
      return session.id;
    },
    updateSession: (id, change) => {
      const row = liveRow(id);
      if (row === null) return false;
      const session = sessionAt(row);
      changed.set(row, {
        ...changed.get(row),
        title: change.title === undefined ? session.title : change.title,
        status: change.status ?? session.status,
        updatedMicros: change.updatedAt === undefined ? session.updatedMicros + 1 : change.updatedAt * 1000,
      });
      return true;
    },
    deleteSession: (id) => {
      const row = liveRow(id);
      if (row === null) return false;
      const rows = rowsOf.get(orgOf(row)) ?? [];
      rows.splice(positionOf(rows, row, createdOf), 1);
      return true;
    },
    addAgent: (input = {}) => {
      const profile = agentProfile(agents.length);
      const id = input.id ?? `agent_${createRandom(options.seed, 'everruns-added-agent', agents.length).hex(32)}`;
      agents.push({
        id,
        org: input.user ?? DEFAULT_ORG,
        name: input.name ?? profile.name,
        description: input.description ?? profile.description,
        systemPrompt: profile.instructions,
        modelId: null,
        tags: [],
        archived: false,
        createdMicros: NOW_MICROS + agents.length * MICROS_PER_SECOND,
        profile,
      });
      return id;
    },
    // Deleting archives: the agent leaves the list, GET still answers.
    deleteAgent: (id) => {
      const index = agents.findIndex((agent) => agent.id === id && !agent.archived);
      const agent = agents[index];
      if (agent === undefined) return false;
      agents[index] = { ...agent, archived: true };
      return true;
    },
    sessionIds: (owner = DEFAULT_ORG) => (rowsOf.get(owner) ?? []).map(idOf),
    agentIds: (owner = DEFAULT_ORG) => agents.filter(({ org }) => org === owner).map(({ id }) => id),
    ownerOf: (id) => {
      const row = liveRow(id);
      return row === null ? null : orgOf(row);
    },
    agentOf: (id) => {
      const row = liveRow(id);
      return row === null ? null : (agentIdOf(row) ?? null);
    },
  };
}

function positionOf(rows: readonly number[], row: number, createdOf: (row: number) => number): number {
  const created = createdOf(row);
  for (let index = newestFirstIndex(rows, created, createdOf); index < rows.length; index += 1) {
    const candidate = rows[index];
    if (candidate === row) return index;
    if (candidate === undefined || createdOf(candidate) !== created) return -1;
  }
  return -1;
}

/** The words of the 401, or null. An API key is taken as bearer, as `ApiKey` or bare. */
function authenticate(request: PlatformRequest, credential: string | null): string | null {
  if (credential === null) return null;
  const header = request.header('authorization');
  if (header === undefined) return 'Authentication required';
  const token = header.replace(/^(Bearer|ApiKey) /, '');
  if (token === credential) return null;
  if (token.startsWith('evr_')) return 'Invalid API key';
  return header.startsWith('Bearer ') ? 'Invalid or expired token' : 'Invalid authorization header';
}

function errorJson(status: number, error: string): Reply {
  return jsonReply(status, { error });
}

function orgReply(id: string | undefined): Reply {
  const founded = rfc3339(NOW_MICROS - 900 * 86_400 * MICROS_PER_SECOND);
  const wire = ORGS.map((org) => ({ ...org, created_at: founded, updated_at: founded }));
  if (id === undefined) return jsonReply(200, { data: wire });
  if (!isId(id, 'org')) return errorJson(401, 'Invalid organization ID format');
  const org = wire.find((candidate) => candidate.id === id);
  return org === undefined ? errorJson(404, 'Organization not found') : jsonReply(200, org);
}
