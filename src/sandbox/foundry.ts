import { jsonReply, lastValue, type PlatformRequest, type Reply } from './exchange.ts';
import { type FoundryAgent, type FoundryStore, seedFoundry } from './foundry-data.ts';
import { openAiReply } from './foundry-openai.ts';
import { failure, invalid, page, userOf } from './foundry-replies.ts';
import { agentWire, sessionWire, versionWire } from './foundry-wire.ts';
import type { ModelOptions, Platform } from './platform.ts';

const projectPath = '/api/projects/contoso-agents';
const apiVersions = ['v1', '2025-11-15-preview', '2025-05-15-preview', '2025-05-01'];

export function createFoundry(options: ModelOptions): Platform<FoundryStore> {
  const store = seedFoundry(options);
  return {
    basePath: projectPath,
    store,
    answer: (request) => refusal(request, options.credential) ?? answer(request, store),
  };
}

function refusal(request: PlatformRequest, credential: string | null): Reply | null {
  if (`/${request.segments.slice(0, 3).join('/')}` !== projectPath) {
    return failure(404, 'NotFound', 'The project does not exist.');
  }
  if (credential !== null && request.headers.authorization !== `Bearer ${credential}`) {
    return jsonReply(401, {
      error: { code: 'Unauthorized', message: 'Access denied due to a missing or invalid token.' },
    });
  }
  const version = lastValue(request.query, 'api-version');
  // The paths of OpenAI name their version themselves.
  const isVersioned = version === null && request.segments[3] === 'openai' && request.segments[4] === 'v1';
  if (isVersioned) return request.method === 'GET' ? null : readOnly;
  if (version === null) return invalid("The required query parameter 'api-version' is missing.", 'api-version');
  if (!apiVersions.includes(version)) return invalid(`API version '${version}' is not supported.`, 'api-version');
  return request.method === 'GET' ? null : readOnly;
}

const readOnly = failure(405, 'MethodNotAllowed', 'This sandbox is read-only.');

function answer(request: PlatformRequest, store: FoundryStore): Reply {
  const [collection, name, part, ...rest] = request.segments.slice(3);
  if (collection === 'openai' && name === 'v1') return openAiReply(request, [part ?? '', ...rest], store);
  if (collection !== 'agents') return failure(404, 'NotFound', 'Resource not found.');
  if (name === undefined) return agentsReply(request, store);
  const agent = store.agents.find((candidate) => candidate.name === name);
  if (agent === undefined) return failure(404, 'not_found', `Agent '${name}' doesn't exist.`);
  if (part === undefined) return jsonReply(200, agentWire(agent));
  if (part === 'endpoint' && rest[0] === 'sessions' && rest.length <= 2) {
    if (agent.kind !== 'hosted') return invalid(`Agent '${name}' is not a hosted agent.`, 'agent_name');
    return rest[1] === undefined ? sessionsReply(request, agent, store) : sessionReply(request, agent, rest[1], store);
  }
  if (part !== 'versions' || rest.length > 1) return failure(404, 'NotFound', 'Resource not found.');
  return versionReply(request, agent, rest[0]);
}

function agentsReply(request: PlatformRequest, { agents }: FoundryStore): Reply {
  const kind = lastValue(request.query, 'kind');
  const chosen = agents.filter((agent) => kind === null || agent.kind === kind);
  const newestFirst = chosen.sort((a, b) => b.createdAt - a.createdAt);
  return page(request, newestFirst, { idOf: (item) => item.name, wire: agentWire });
}

function versionReply(request: PlatformRequest, agent: FoundryAgent, wanted: string | undefined): Reply {
  const { name, versions } = agent;
  const wire = versionWire(agent);
  if (wanted === undefined) {
    return page(request, versions.toReversed(), { idOf: (item) => `${name}:${item.version}`, wire });
  }
  const version = versions.find((candidate) => candidate.version === wanted);
  if (version === undefined) return failure(404, 'not_found', `Version '${wanted}' of agent '${name}' doesn't exist.`);
  return jsonReply(200, wire(version));
}

function sessionsReply(request: PlatformRequest, agent: FoundryAgent, { sessions }: FoundryStore): Reply {
  const user = userOf(request);
  const own = sessions.filter(
    ({ agent: name, owner }) => name === agent.name && (owner === user || user === undefined),
  );
  return page(request, own, { idOf: (item) => item.id, wire: sessionWire });
}

function sessionReply(request: PlatformRequest, agent: FoundryAgent, id: string, { sessions }: FoundryStore): Reply {
  const user = userOf(request);
  const session = sessions.find((candidate) => candidate.agent === agent.name && candidate.id === id);
  if (session === undefined || /^(deleted|expired)$/i.test(session.status)) {
    return failure(404, 'session_not_found', `Session '${id}' was not found or has been deleted.`);
  }
  if (user !== undefined && session.owner !== user) {
    return failure(403, 'session_not_accessible', `Session '${id}' belongs to another identity.`);
  }
  return jsonReply(200, sessionWire(session));
}
