import { STATUS_CODES } from 'node:http';
import { createAgno } from '../../src/sandbox/agno.ts';
import {
  type AgnoComponent,
  type AgnoSession,
  type AgnoStore,
  agnoAgent,
  agnoGroup,
  agnoSession,
} from '../../src/sandbox/agno-data.ts';
import { detail } from '../../src/sandbox/agno-query.ts';
import { agnoDialogue } from '../../src/sandbox/agno-runs.ts';
import { microsPerSecond } from '../../src/sandbox/clock.ts';
import { type Dialogue, lastTextOf } from '../../src/sandbox/dialogue.ts';
import { jsonReply, type PlatformRequest, type Reply } from '../../src/sandbox/exchange.ts';
import type { ModelOptions } from '../../src/sandbox/platform.ts';
import { createRandom, shuffled } from '../../src/sandbox/random.ts';
import { createAddedTimes } from './added-times.ts';
import { type ControlledPlatform, type NewSession, type Quirks, removeAt, type StoreControls } from './controls.ts';
import { endOf, toDialogue, withMessage } from './dialogues.ts';

export function controlAgno(options: ModelOptions, quirks: Quirks): ControlledPlatform {
  const platform = createAgno(options);
  const { store } = platform;
  const random = createRandom(options.seed, 'ties');
  const unreadable = new Set<string>();
  if (quirks.databases !== undefined) spreadOver(quirks.databases, store);
  return {
    ...platform,
    answer(request) {
      // It sorts the whole table by one column: within equal values the order of the table shows.
      if (quirks.shuffleTies) store.sessions.splice(0, store.sessions.length, ...shuffled(store.sessions, random));
      const reply = withVersion(request, platform.answer(request), quirks);
      const { body } = reply;
      const isBroken = [...unreadable].some((id) => String(body).includes(`"session_id":${JSON.stringify(id)}`));
      return isBroken ? { ...unreadableReply(options), headers: reply.headers } : reply;
    },
    controls: controlsOf(store, options, unreadable),
    errorReply: (status) => detail(status, status === 500 ? 'db exploded' : (STATUS_CODES[status] ?? 'Error')),
  };
}

function spreadOver(databases: readonly string[], store: AgnoStore): void {
  store.databases.splice(0, store.databases.length, ...databases);
  for (const [index, component] of store.components.entries()) {
    store.components[index] = { ...component, database: databases[index % databases.length] ?? component.database };
  }
}

function withVersion({ segments }: PlatformRequest, reply: Reply, { agnoVersion }: Quirks): Reply {
  if (agnoVersion === undefined || segments[0] !== 'info' || reply.status !== 200) return reply;
  const info: unknown = JSON.parse(String(reply.body));
  return { ...reply, body: jsonReply(200, Object.assign({}, info, { agno_version: agnoVersion })).body };
}

function unreadableReply({ dialect }: ModelOptions): Reply {
  const early = '1 validation error for SessionSchema';
  return detail(500, dialect === '3.1' ? 'Internal server error (ValidationError)' : early);
}

function controlsOf(store: AgnoStore, options: ModelOptions, unreadable: Set<string>): StoreControls {
  const { components, sessions } = store;
  const nextCreation = createAddedTimes();
  let addedCount = 0;
  const indexOf = (id: string): number => sessions.findIndex((session) => session.id === id);

  const addSession = (input: NewSession = {}): string => {
    addedCount += 1;
    const isUndated = input.createdAt === null && input.createdAtMicros === undefined;
    const createdAt = isUndated ? null : Math.floor(nextCreation(input) / microsPerSecond);
    const random = createRandom(options.seed, 'agno-added-session', addedCount);
    const component = componentOf(input, components);
    const user = input.user ?? random.pick(options.users);
    const session = agnoSession({ random, component, createdAt, user });
    const id = input.id ?? createRandom(options.seed, 'agno-added', addedCount).hex(32);
    sessions.push({
      ...session,
      id,
      componentId: component.id,
      updatedAt: input.updatedAt === undefined ? createdAt : Math.floor(input.updatedAt / 1000),
      sessionData: input.title === undefined ? session.sessionData : named(session.sessionData, input.title),
      run: input.title === null ? null : session.run,
    });
    store.dialogues.delete(id);
    if (input.dialogue !== undefined) tell(id, () => toDialogue(input.dialogue ?? []));
    if (input.unreadable) unreadable.add(id);
    return id;
  };

  const tell = (id: string, toTold: (before: Dialogue) => Dialogue): boolean => {
    const index = indexOf(id);
    const session = sessions[index];
    if (session === undefined) return false;
    const dialogue = toTold(agnoDialogue(session, store));
    const endsAt = Math.floor(endOf(dialogue) / microsPerSecond);
    store.dialogues.set(id, dialogue);
    sessions[index] = {
      ...session,
      run: firstRun(session, dialogue),
      updatedAt: session.createdAt === null ? null : Math.max(session.updatedAt ?? 0, session.createdAt + endsAt),
    };
    return true;
  };

  return {
    addSession,
    updateSession: (id, { title, user, updatedAt }) => {
      const index = indexOf(id);
      const session = sessions[index];
      if (session === undefined) return false;
      sessions[index] = {
        ...session,
        sessionData: title === undefined ? session.sessionData : named(session.sessionData, title),
        user: user ?? session.user,
        updatedAt: updatedAt === undefined ? (session.updatedAt ?? 0) + 1 : Math.floor(updatedAt / 1000),
      };
      return true;
    },
    deleteSession: (id) => removeAt(sessions, indexOf(id)),
    setDialogue: (id, turns) => tell(id, () => toDialogue(turns)),
    appendMessage: (id, message) => tell(id, (before) => withMessage(before, message)),
    addAgent: (input = {}) => {
      const name = input.name ?? `Component ${components.length + 1}`;
      const id = input.id ?? name.toLowerCase().replace(/[ _]/g, '-');
      const kind = input.kind === 'team' || input.kind === 'workflow' ? input.kind : 'agent';
      const base = kind === 'agent' ? agnoAgent(components.length, id, name) : agnoGroup(kind, id, name, []);
      components.push({ ...base, description: input.description ?? base.description });
      return id;
    },
    deleteAgent: (id) =>
      removeAt(
        components,
        components.findIndex((component) => component.id === id),
      ),
    sessionIds: (owner) =>
      sessions
        .toReversed()
        .sort((a, b) => (b.createdAt ?? -1) - (a.createdAt ?? -1))
        .filter(({ user }) => owner === undefined || user === owner)
        .map(({ id }) => id),
    agentIds: () => components.filter(({ kind }) => kind === 'agent').map(({ id }) => id),
    ownerOf: (id) => sessions[indexOf(id)]?.user ?? null,
    agentOf: (id) => sessions[indexOf(id)]?.componentId ?? null,
  };
}

/** A session that is told anew has only its words, where it begins otherwise than before. */
function firstRun({ run }: AgnoSession, dialogue: Dialogue): AgnoSession['run'] {
  const [first] = dialogue;
  if (first === undefined) return null;
  const question = first.question ?? '';
  if (run !== null && run.question === question) return run;
  return { question, answer: lastTextOf(first.steps) ?? '', asked: {}, answered: {} };
}

const kindWords = { team: 'Team', workflow: 'Workflow' } as const;

/** The one that is wanted, made up where none is registered. */
function componentOf({ kind = 'agent', agent }: NewSession, components: readonly AgnoComponent[]): AgnoComponent {
  const found = components.find((each) => each.kind === kind && (agent === undefined || each.id === agent));
  if (found !== undefined) return found;
  return kind === 'agent' ? agnoAgent(0, agent) : agnoGroup(kind, agent ?? kind, kindWords[kind], []);
}

function named(data: AgnoSession['sessionData'], name: string | null): AgnoSession['sessionData'] {
  const { session_name: _, ...rest } = data ?? {};
  return name === null ? rest : { session_name: name, ...rest };
}
