import type { FilterName } from '../../src/domain/filter.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import type { AgentRecord, EntityRecord, SessionRecord, TeamRecord, WorkflowRecord } from '../../src/domain/records.ts';
import { completeListFeed } from '../../src/pagination/dialects/complete-list.ts';
import { encodeKey } from '../../src/providers/key.ts';
import type { Provider } from '../../src/providers/provider.ts';
import {
  entity,
  int,
  json,
  type ObjectShape,
  object,
  objects,
  required,
  text,
  texts,
  time,
} from '../../src/providers/shape.ts';
import type { BatchResult, FilterSupport, Source } from '../../src/providers/source.ts';

/** Two made-up providers: `alpha` has everything a platform can have, `beta` has agents only. */

interface Usage {
  readonly tokens: number | null;
  readonly models: readonly string[];
}

export interface AlphaNative {
  readonly usage: Usage | null;
  readonly history: readonly Usage[];
  readonly origin: string | null;
  readonly metadata: unknown;
  readonly versionKey: string | null;
}

const usageShape: ObjectShape<Usage> = {
  name: 'AlphaUsage',
  description: 'What a session has used.',
  fields: {
    tokens: int('Tokens.', (usage) => usage.tokens),
    models: texts('Models.', (usage) => usage.models),
  },
};

const alphaSession: ObjectShape<SessionRecord<AlphaNative>> = {
  name: 'AlphaSession',
  description: 'A session on Alpha.',
  fields: {
    usage: object(usageShape, 'What it used.', ({ row }) => row.usage),
    history: objects(usageShape, 'What it used before.', ({ row }) => row.history),
    origin: required(text('Where it comes from.', ({ row }) => row.origin)),
    metadata: json('Anything.', ({ row }) => row.metadata),
    seenAt: time('When it was seen.', ({ createdAt }) => createdAt),
    tags: texts('Tags.', ({ tags }) => tags),
    workflow: entity('workflow', 'The workflow it runs.', ({ sourceId, workflowKey }) =>
      workflowKey === null ? null : { sourceId, key: workflowKey },
    ),
    version: entity('agentVersion', 'The version of its agent.', ({ sourceId, row }) =>
      row.versionKey === null ? null : { sourceId, key: row.versionKey },
    ),
  },
};

const alphaAgent: ObjectShape<AgentRecord<{ readonly prompt: string | null }>> = {
  name: 'AlphaAgent',
  description: 'An agent on Alpha.',
  fields: { prompt: text('Its prompt.', ({ row }) => row.prompt) },
};

const alphaTeam: ObjectShape<TeamRecord<{ readonly mode: string | null }>> = {
  name: 'AlphaTeam',
  description: 'A team on Alpha.',
  fields: { mode: text('How it works.', ({ row }) => row.mode) },
};

const alphaWorkflow: ObjectShape<WorkflowRecord<{ readonly steps: number | null }>> = {
  name: 'AlphaWorkflow',
  description: 'A workflow on Alpha.',
  fields: { steps: int('How many steps it has.', ({ row }) => row.steps) },
};

const alphaVersion: ObjectShape<EntityRecord<{ readonly image: string | null }>> = {
  name: 'AlphaAgentVersion',
  description: 'A version of an agent on Alpha.',
  fields: { image: text('What it runs.', ({ row }) => row.image) },
};

const betaSession: ObjectShape<SessionRecord> = {
  name: 'BetaSession',
  description: 'A session on Beta.',
  fields: { goal: text('What it is for.', ({ title }) => title) },
};

const betaAgent: ObjectShape<AgentRecord> = {
  name: 'BetaAgent',
  description: 'An agent on Beta.',
  fields: { label: text('Its label.', ({ name }) => name) },
};

type Declared = Pick<Provider<unknown>, 'name' | 'title' | 'types'>;

/** What the schema reads of a provider. */
export const registry: readonly Declared[] = [
  {
    name: 'alpha',
    title: 'Alpha Platform',
    types: {
      session: alphaSession,
      agent: alphaAgent,
      team: alphaTeam,
      workflow: alphaWorkflow,
      agentVersion: alphaVersion,
    },
  },
  {
    name: 'beta',
    title: 'Beta Platform',
    types: { session: betaSession, agent: betaAgent, team: null, workflow: null, agentVersion: null },
  },
];

export interface World {
  readonly sessions?: readonly SessionRecord[];
  /** What the single session says, where the list says less. */
  readonly details?: readonly SessionRecord[];
  readonly agents?: readonly AgentRecord[];
  readonly teams?: readonly TeamRecord[];
  readonly workflows?: readonly WorkflowRecord[];
  readonly versions?: readonly EntityRecord[];
  /** Calls that fail as a whole, by the name of the method. */
  readonly failing?: Readonly<Record<string, Error>>;
  /** Keys that fail alone. */
  readonly failingKeys?: Readonly<Record<string, Error>>;
}

export interface TestSource extends Source {
  /** Every call it got: the method, and the keys if it has any. */
  readonly calls: readonly string[];
}

const filters: Readonly<Record<FilterName, FilterSupport>> = {
  nativeIds: 'local',
  kinds: 'local',
  agentKeys: 'local',
  teamKeys: 'local',
  workflowKeys: 'local',
  userIds: 'local',
  statuses: 'local',
  search: 'local',
  tags: 'never',
  createdAt: 'local',
  updatedAt: 'local',
};

export function testSource(id: string, provider: string, world: World = {}): TestSource {
  const calls: string[] = [];

  async function call<Value>(method: string, keys: readonly string[] | null, answer: () => Value): Promise<Value> {
    calls.push(keys === null ? method : `${method} ${keys.join(' ')}`);
    const error = world.failing?.[method];
    if (error !== undefined) throw error;
    return answer();
  }

  function byKey<Row extends EntityRecord>(
    rows: readonly Row[] | undefined,
    keys: readonly string[],
  ): BatchResult<Row> {
    return keys.map((key) => world.failingKeys?.[key] ?? rows?.find((row) => row.key === key) ?? null);
  }

  return {
    id,
    name: `The ${id}`,
    provider,
    capabilities: {
      filters,
      kinds: ['AGENT', 'TEAM', 'WORKFLOW'],
      statuses: ['RUNNING', 'IDLE', 'UNKNOWN'],
      orders: ['createdAt'],
      listsWhole: true,
      listsDeleted: false,
      total: true,
    },
    calls,
    sessionFeeds: async () => [
      completeListFeed<SessionRecord>({
        id: 'all',
        sourceId: id,
        keyOf: (row) => row.key,
        momentOf: (row) => row.createdAt?.micros ?? null,
        load: () => call('sessionFeeds', null, () => world.sessions ?? []),
      }),
    ],
    sessions: (keys) => call('sessions', keys, () => byKey(world.details ?? world.sessions, keys)),
    conversations: { of: null, unsupported: 'has no messages' },
    sessionDetails: (keys) => call('sessionDetails', keys, () => byKey(world.details ?? world.sessions, keys)),
    listAgents: () => call('listAgents', null, () => world.agents ?? []),
    agents: (keys) => call('agents', keys, () => byKey(world.agents, keys)),
    listTeams: () => call('listTeams', null, () => world.teams ?? []),
    teams: (keys) => call('teams', keys, () => byKey(world.teams, keys)),
    listWorkflows: () => call('listWorkflows', null, () => world.workflows ?? []),
    workflows: (keys) => call('workflows', keys, () => byKey(world.workflows, keys)),
    workflowDetails: (keys) => call('workflowDetails', keys, () => byKey(world.workflows, keys)),
    agentVersions: (keys) => call('agentVersions', keys, () => byKey(world.versions, keys)),
    versionsOfAgents: (keys) => call('versionsOfAgents', keys, () => keys.map(() => world.versions ?? [])),
  };
}

const alphaNative: AlphaNative = { usage: null, history: [], origin: 'test', metadata: null, versionKey: null };

export function session(
  sourceId: string,
  nativeId: string,
  fields: Partial<SessionRecord> & { readonly row?: Partial<AlphaNative> } = {},
): SessionRecord {
  return {
    sourceId,
    provider: 'alpha',
    key: encodeKey('agent', nativeId),
    nativeId,
    kind: 'AGENT',
    title: `Session ${nativeId}`,
    preview: null,
    status: 'IDLE',
    nativeStatus: 'idle',
    createdAt: parseInstant('2026-01-01T00:00:00Z'),
    updatedAt: null,
    userId: null,
    agentKey: null,
    teamKey: null,
    workflowKey: null,
    tags: [],
    complete: true,
    ...fields,
    row: { ...alphaNative, ...fields.row },
  };
}

export function agent(sourceId: string, nativeId: string, fields: Partial<AgentRecord> = {}): AgentRecord {
  return {
    sourceId,
    provider: 'alpha',
    key: encodeKey(nativeId),
    nativeId,
    name: `Agent ${nativeId}`,
    description: null,
    model: null,
    createdAt: null,
    row: { prompt: `You are ${nativeId}.` },
    ...fields,
  };
}

export function team(sourceId: string, nativeId: string, fields: Partial<TeamRecord> = {}): TeamRecord {
  return {
    sourceId,
    provider: 'alpha',
    key: encodeKey('lead', nativeId),
    nativeId,
    name: `Team ${nativeId}`,
    description: null,
    createdAt: null,
    leader: null,
    members: [],
    row: { mode: 'route' },
    ...fields,
  };
}
