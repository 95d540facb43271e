import { STATUS_CODES } from 'node:http';
import { microsPerSecond } from '../../src/sandbox/clock.ts';
import type { Dialogue } from '../../src/sandbox/dialogue.ts';
import { jsonReply, type PlatformRequest, type Reply } from '../../src/sandbox/exchange.ts';
import { createFoundry } from '../../src/sandbox/foundry.ts';
import {
  type FoundrySession,
  type FoundryStore,
  foundryAgent,
  foundrySession,
  sessionKey,
} from '../../src/sandbox/foundry-data.ts';
import { failure } from '../../src/sandbox/foundry-replies.ts';
import { foundryDialogue } from '../../src/sandbox/foundry-responses.ts';
import type { ModelOptions } from '../../src/sandbox/platform.ts';
import { createRandom } from '../../src/sandbox/random.ts';
import { createAddedTimes } from './added-times.ts';
import { type ControlledPlatform, type Quirks, removeAt, type StoreControls } from './controls.ts';
import { endOf, toDialogue, withMessage } from './dialogues.ts';
import { insertNewestFirst, shuffleTies } from './ties.ts';

export function controlFoundry(options: ModelOptions, quirks: Quirks): ControlledPlatform {
  const platform = createFoundry(options);
  const random = createRandom(options.seed, 'ties');
  return {
    ...platform,
    answer(request) {
      if (quirks.shuffleTies) shuffleTies(platform.store.sessions, ({ createdAt }) => createdAt, random);
      return withQuirks(request, platform.answer(request), quirks);
    },
    controls: controlsOf(platform.store, options, quirks),
    errorReply: (status) => failure(status, errorCode(status), STATUS_CODES[status] ?? 'Error'),
  };
}

function withQuirks(request: PlatformRequest, reply: Reply, quirks: Quirks): Reply {
  const isSessions = request.segments[5] === 'endpoint' && reply.status !== 401;
  if (quirks.requireFeatureHeader && isSessions && request.headers['foundry-features'] === undefined) {
    return previewRequired;
  }
  const isUnknown = typeof reply.body === 'string' && reply.body.includes('"message":"No object with id');
  return quirks.unknownAfter === 'empty' && isUnknown ? jsonReply(200, { data: [], has_more: false }) : reply;
}

const previewRequired = jsonReply(403, {
  error: {
    code: 'preview_feature_required',
    message:
      "Hosted agents is in preview. This operation requires the following opt-in preview feature(s): HostedAgents=V1Preview. Include the 'Foundry-Features: HostedAgents=V1Preview' header in your request.",
    param: 'Foundry-Features',
    type: 'invalid_request_error',
  },
});

function errorCode(status: number): string {
  if (status === 429) return 'rate_limit_exceeded';
  if (status === 401) return 'PermissionDenied';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

function controlsOf(store: FoundryStore, options: ModelOptions, quirks: Quirks): StoreControls {
  const { agents, sessions } = store;
  const nextCreation = createAddedTimes();
  let addedCount = 0;

  const indexOf = (id: string): number => {
    const exact = sessions.findIndex((session) => `${session.agent}/${session.id}` === id);
    return exact === -1 ? sessions.findIndex((session) => session.id === id) : exact;
  };
  const change = (id: string, toChanged: (session: FoundrySession) => FoundrySession): boolean => {
    const index = indexOf(id);
    const session = sessions[index];
    if (session !== undefined) sessions[index] = toChanged(session);
    return session !== undefined;
  };

  const tell = (id: string, toTold: (before: Dialogue) => Dialogue): boolean =>
    change(id, (session) => {
      const dialogue = toTold(foundryDialogue(session, store));
      const endsAt = session.createdAt + Math.floor(endOf(dialogue) / microsPerSecond);
      store.dialogues.set(sessionKey(session), dialogue);
      return { ...session, lastAccessedAt: Math.max(session.lastAccessedAt, endsAt) };
    });

  return {
    addSession: (input = {}) => {
      const agent = agents.find(({ name, kind }) =>
        input.agent === undefined ? kind === 'hosted' : name === input.agent,
      );
      if (agent === undefined) throw new Error(`Foundry has no hosted agent ${input.agent ?? ''}.`);
      addedCount += 1;
      const random = createRandom(options.seed, 'foundry-added', addedCount);
      const createdAt = Math.floor(nextCreation(input) / microsPerSecond);
      const session = foundrySession({ random, agent, createdAt, owner: input.user ?? random.pick(options.users) });
      const added: FoundrySession = {
        ...session,
        id: input.id ?? session.id,
        version: agent.versions.at(-1)?.version ?? '1',
        status: input.status ?? 'active',
        lastAccessedAt: input.updatedAt === undefined ? createdAt : Math.floor(input.updatedAt / 1000),
        stoppedAt: null,
      };
      insertNewestFirst(sessions, added, (item) => item.createdAt);
      store.dialogues.delete(sessionKey(added));
      if (input.dialogue !== undefined) tell(sessionKey(added), () => toDialogue(input.dialogue ?? []));
      return added.id;
    },
    updateSession: (id, { user, status, updatedAt }) =>
      change(id, (session) => ({
        ...session,
        owner: user ?? session.owner,
        status: status ?? session.status,
        lastAccessedAt: updatedAt === undefined ? session.lastAccessedAt + 1 : Math.floor(updatedAt / 1000),
      })),
    deleteSession: (id) =>
      quirks.purgeDeleted
        ? removeAt(sessions, indexOf(id))
        : change(id, (session) => ({ ...session, status: 'deleted' })),
    setDialogue: (id, turns) => tell(id, () => toDialogue(turns)),
    appendMessage: (id, message) => tell(id, (before) => withMessage(before, message)),
    addAgent: (input = {}) => {
      const agent = foundryAgent(agents.length, options.seed, input.kind ?? 'hosted', input.id ?? input.name);
      const latest = Math.max(0, ...agents.map(({ createdAt }) => createdAt));
      agents.push({ ...agent, createdAt: latest + 1 });
      return agent.name;
    },
    deleteAgent: (id) =>
      removeAt(
        agents,
        agents.findIndex(({ name }) => name === id),
      ),
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
