import { STATUS_CODES } from 'node:http';
import { createAgentScope, detail } from '../../src/sandbox/agentscope.ts';
import {
  type AgentScopeStore,
  type ScopeAgent,
  type ScopeSession,
  scopeAgent,
  scopeSession,
} from '../../src/sandbox/agentscope-data.ts';
import { scopeDialogue } from '../../src/sandbox/agentscope-messages.ts';
import type { Dialogue } from '../../src/sandbox/dialogue.ts';
import { type Reply, textReply } from '../../src/sandbox/exchange.ts';
import type { ModelOptions } from '../../src/sandbox/platform.ts';
import { createRandom } from '../../src/sandbox/random.ts';
import { createAddedTimes } from './added-times.ts';
import { type ControlledPlatform, type Quirks, removeAt, type StoreControls } from './controls.ts';
import { endOf, toDialogue, withMessage } from './dialogues.ts';
import { insertNewestFirst, shuffleTies } from './ties.ts';

export function controlAgentScope(options: ModelOptions, quirks: Quirks): ControlledPlatform {
  const platform = createAgentScope(options);
  const random = createRandom(options.seed, 'ties');
  // 2.0.1 can be told to store null as a name, which breaks the lists that hold it for good.
  const nameless = new Set<string>();
  return {
    ...platform,
    answer(request) {
      if (quirks.shuffleTies) shuffleTies(platform.store.sessions, ({ createdMicros }) => createdMicros, random);
      const reply = platform.answer(request);
      const { body } = reply;
      return typeof body === 'string' && [...nameless].some((id) => body.includes(id)) ? serverError(500) : reply;
    },
    controls: controlsOf(platform.store, options, nameless),
    errorReply: (status) => (status >= 500 ? serverError(status) : detail(status, STATUS_CODES[status] ?? 'Error')),
  };
}

function serverError(status: number): Reply {
  return textReply(status, STATUS_CODES[status] ?? 'Internal Server Error');
}

function controlsOf(store: AgentScopeStore, options: ModelOptions, nameless: Set<string>): StoreControls {
  const { agents, sessions } = store;
  const nextCreation = createAddedTimes();
  const firstUser = options.users[0] ?? 'alice';
  let addedCount = 0;
  const indexOf = (id: string): number => sessions.findIndex((session) => session.id === id);

  const tell = (id: string, toTold: (before: Dialogue) => Dialogue): boolean => {
    const index = indexOf(id);
    const session = sessions[index];
    if (session === undefined) return false;
    const dialogue = toTold(scopeDialogue(session, store, options));
    const { createdMicros, updatedMicros } = session;
    store.dialogues.set(id, dialogue);
    sessions[index] = { ...session, updatedMicros: Math.max(updatedMicros, createdMicros + endOf(dialogue)) };
    return true;
  };

  return {
    addSession: (input = {}) => {
      const wanted = (agent: ScopeAgent): boolean =>
        input.agent === undefined
          ? agent.user === (input.user ?? firstUser) && agent.source === 'user'
          : agent.id === input.agent;
      const agent = agents.find(wanted);
      if (agent === undefined) {
        throw new Error(`AgentScope has no agent ${input.agent ?? `of ${input.user ?? firstUser}`}.`);
      }
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
      insertNewestFirst(sessions, added, (item) => item.createdMicros);
      store.dialogues.delete(added.id);
      if (input.dialogue !== undefined) tell(added.id, () => toDialogue(input.dialogue ?? []));
      return added.id;
    },
    updateSession: (id, { title, status, updatedAt }) => {
      const index = indexOf(id);
      const session = sessions[index];
      if (session === undefined) return false;
      if (title === null && options.dialect === '2.0.1') nameless.add(id);
      sessions[index] = {
        ...session,
        name: title ?? session.name,
        status: status ?? session.status,
        updatedMicros: updatedAt === undefined ? session.updatedMicros + 1 : updatedAt * 1000,
      };
      return true;
    },
    deleteSession: (id) => removeAt(sessions, indexOf(id)),
    setDialogue: (id, turns) => tell(id, () => toDialogue(turns)),
    appendMessage: (id, message) => tell(id, (before) => withMessage(before, message)),
    addAgent: (input = {}) => {
      const agent = scopeAgent(options.seed, agents.length, input.user ?? firstUser, 'user');
      const added = { ...agent, id: input.id ?? agent.id, name: input.name ?? agent.name };
      agents.push(added);
      return added.id;
    },
    deleteAgent: (id) => {
      const left = sessions.filter(({ agentId }) => agentId !== id);
      sessions.splice(0, sessions.length, ...left);
      return removeAt(
        agents,
        agents.findIndex((agent) => agent.id === id),
      );
    },
    sessionIds: (owner = firstUser) => sessions.filter(({ user }) => user === owner).map(({ id }) => id),
    agentIds: (owner = firstUser) => agents.filter(({ user }) => user === owner).map(({ id }) => id),
    ownerOf: (id) => sessions[indexOf(id)]?.user ?? null,
    agentOf: (id) => sessions[indexOf(id)]?.agentId ?? null,
  };
}
