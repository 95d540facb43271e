import { STATUS_CODES } from 'node:http';
import { agentProfile } from '../../src/sandbox/agent-profiles.ts';
import { microsPerSecond, nowMicros } from '../../src/sandbox/clock.ts';
import { type Dialogue, lastTextOf } from '../../src/sandbox/dialogue.ts';
import { createEverruns, errorJson } from '../../src/sandbox/everruns.ts';
import {
  defaultOrg,
  type EverrunsSession,
  type EverrunsStore,
  modelId,
  toSession,
} from '../../src/sandbox/everruns-data.ts';
import { everrunsDialogue } from '../../src/sandbox/everruns-messages.ts';
import { isId } from '../../src/sandbox/everruns-query.ts';
import type { PlatformRequest } from '../../src/sandbox/exchange.ts';
import type { ModelOptions } from '../../src/sandbox/platform.ts';
import { createRandom } from '../../src/sandbox/random.ts';
import { createAddedTimes } from './added-times.ts';
import { type ControlledPlatform, type Quirks, removeAt, type StoreControls } from './controls.ts';
import { endOf, toDialogue, withMessage } from './dialogues.ts';
import { insertNewestFirst, shuffleTies } from './ties.ts';

export function controlEverruns(options: ModelOptions, quirks: Quirks): ControlledPlatform {
  const platform = createEverruns(options);
  const random = createRandom(options.seed, 'ties');
  return {
    ...platform,
    answer(request) {
      const { store } = platform;
      if (quirks.shuffleTies) shuffleTies(store.sessions, ({ createdMicros }) => createdMicros, random);
      return platform.answer(ignoresAgent(request, store, quirks) ? withoutAgent(request) : request);
    },
    controls: controlsOf(platform.store, options),
    errorReply: (status) =>
      errorJson(status, status === 500 ? 'Internal server error' : (STATUS_CODES[status] ?? 'Error')),
  };
}

function ignoresAgent({ query, headers }: PlatformRequest, { agents }: EverrunsStore, quirks: Quirks): boolean {
  const id = query.get('agent_id');
  if (id === null || !isId(id, 'agent')) return false;
  const org = headers['x-org-id'] ?? defaultOrg;
  const isKnown = agents.some((agent) => agent.id === id && agent.org === org);
  return quirks.ignoresAgentId === true || (quirks.unknownAgent === 'everything' && !isKnown);
}

function withoutAgent(request: PlatformRequest): PlatformRequest {
  const query = new URLSearchParams(request.query);
  query.delete('agent_id');
  return { ...request, query };
}

function controlsOf(store: EverrunsStore, options: ModelOptions): StoreControls {
  const { agents, sessions } = store;
  const nextCreation = createAddedTimes();
  let addedCount = 0;
  const indexOf = (id: string): number => sessions.findIndex((row) => row.id === id);

  const tell = (id: string, toTold: (before: Dialogue) => Dialogue): boolean => {
    const index = indexOf(id);
    const row = sessions[index];
    if (row === undefined) return false;
    const session = row.read();
    const dialogue = toTold(everrunsDialogue(session, store));
    const told: EverrunsSession = {
      ...session,
      updatedMicros: Math.max(session.updatedMicros, row.createdMicros + endOf(dialogue)),
      preview: dialogue.find(({ question }) => question !== null)?.question?.slice(0, 200) ?? null,
      outputPreview: lastTextOf(dialogue.flatMap(({ steps }) => steps))?.slice(0, 200) ?? null,
    };
    store.dialogues.set(id, dialogue);
    sessions[index] = { ...row, read: () => told };
    return true;
  };

  return {
    addSession: (input = {}) => {
      const org = input.user ?? defaultOrg;
      const own = agents.filter((agent) => agent.org === org && !agent.archived);
      const agent = agents.find(({ id }) => id === input.agent) ?? own[0];
      if (agent === undefined) throw new Error('Everruns needs an agent before it can have a session.');
      addedCount += 1;
      const random = createRandom(options.seed, 'everruns-added', addedCount);
      const createdMicros = nextCreation(input);
      const id = input.id ?? `session_${random.hex(32)}`;
      const session = toSession({ random, id, agent, createdMicros, models: [modelId(options.seed, 0)] });
      const added: EverrunsSession = {
        ...session,
        agentId: input.agent ?? agent.id,
        createdNanos: 0,
        updatedMicros: input.updatedAt === undefined ? createdMicros : input.updatedAt * 1000,
        title: input.title === undefined ? session.title : input.title,
        status: input.status ?? 'started',
      };
      const row = { id, org: agent.org, agentId: added.agentId, createdMicros, read: () => added };
      // Lists are per organization, so it does not matter where it is among the rows of another.
      insertNewestFirst(sessions, row, (item) =>
        item.org === row.org ? item.createdMicros : Number.POSITIVE_INFINITY,
      );
      store.dialogues.delete(id);
      if (input.dialogue !== undefined) tell(id, () => toDialogue(input.dialogue ?? []));
      return id;
    },
    updateSession: (id, { title, status, updatedAt }) => {
      const index = indexOf(id);
      const row = sessions[index];
      if (row === undefined) return false;
      const session = row.read();
      const changed: EverrunsSession = {
        ...session,
        title: title === undefined ? session.title : title,
        status: status ?? session.status,
        updatedMicros: updatedAt === undefined ? session.updatedMicros + 1 : updatedAt * 1000,
      };
      sessions[index] = { ...row, read: () => changed };
      return true;
    },
    deleteSession: (id) => removeAt(sessions, indexOf(id)),
    setDialogue: (id, turns) => tell(id, () => toDialogue(turns)),
    appendMessage: (id, message) => tell(id, (before) => withMessage(before, message)),
    addAgent: (input = {}) => {
      const profile = agentProfile(agents.length);
      const id = input.id ?? `agent_${createRandom(options.seed, 'everruns-added-agent', agents.length).hex(32)}`;
      agents.push({
        id,
        org: input.user ?? defaultOrg,
        name: input.name ?? profile.name,
        description: input.description ?? profile.description,
        systemPrompt: profile.instructions,
        modelId: null,
        tags: [],
        archived: false,
        createdMicros: nowMicros + agents.length * microsPerSecond,
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
    sessionIds: (owner = defaultOrg) => sessions.filter(({ org }) => org === owner).map(({ id }) => id),
    agentIds: (owner = defaultOrg) => agents.filter(({ org }) => org === owner).map(({ id }) => id),
    ownerOf: (id) => sessions[indexOf(id)]?.org ?? null,
    agentOf: (id) => sessions[indexOf(id)]?.agentId ?? null,
  };
}
