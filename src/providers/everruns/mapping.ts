import { type Instant, parseInstant } from '../../domain/instant.ts';
import type { AgentRecord, SessionRecord, SessionStatus } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import { detail, entity, flag, float, json, type ObjectShape, object, objects, text, texts, time } from '../shape.ts';
import type * as wire from './wire.ts';

export interface EverrunsSessionNative {
  readonly organizationId: string | null;
  readonly agentId: string | null;
  readonly outputPreview: string | null;
  readonly modelId: string | null;
  readonly capabilities: readonly Capability[];
  readonly tools: unknown;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly usage: Usage | null;
  readonly harnessId: string | null;
  readonly workspaceId: string | null;
  readonly ownerPrincipalId: string | null;
  readonly locale: string | null;
  readonly isPinned: boolean | null;
  readonly features: unknown;
  readonly parentSessionId: string | null;
  readonly selfUrl: string | null;
  readonly viewUrl: string | null;
}

export interface EverrunsAgentNative {
  readonly systemPrompt: string | null;
  readonly defaultModelId: string | null;
  readonly tags: readonly string[];
  readonly capabilities: readonly Capability[];
  readonly tools: unknown;
  readonly status: string | null;
  readonly updatedAt: Instant | null;
  readonly usage: Usage | null;
  readonly sessionCount: number | null;
  readonly appCount: number | null;
  readonly selfUrl: string | null;
  readonly viewUrl: string | null;
}

interface Capability {
  readonly ref: string | null;
  readonly config: unknown;
}

interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheCreationTokens: number | null;
}

export type EverrunsSessionRecord = SessionRecord<EverrunsSessionNative>;
export type EverrunsAgentRecord = AgentRecord<EverrunsAgentNative>;

export function toSession(row: wire.Session, sourceId: string): EverrunsSessionRecord {
  return {
    sourceId,
    provider: 'everruns',
    key: encodeKey(row.id),
    nativeId: row.id,
    kind: 'AGENT',
    title: row.title,
    preview: row.preview,
    status: toStatus(row.status),
    nativeStatus: row.status,
    createdAt: toInstant(row.created_at),
    updatedAt: toInstant(row.updated_at),
    userId: null,
    agentKey: row.agent_id === null ? null : encodeKey(row.agent_id),
    teamKey: null,
    workflowKey: null,
    tags: row.tags ?? [],
    complete: true,
    row: {
      organizationId: row.organization_id,
      agentId: row.agent_id,
      outputPreview: row.output_preview,
      modelId: row.model_id,
      capabilities: row.capabilities ?? [],
      tools: row.tools,
      startedAt: toInstant(row.started_at),
      finishedAt: toInstant(row.finished_at),
      usage: row.usage === null ? null : toUsage(row.usage),
      harnessId: row.harness_id,
      workspaceId: row.workspace_id,
      ownerPrincipalId: row.owner_principal_id,
      locale: row.locale,
      isPinned: row.is_pinned,
      features: row.features,
      parentSessionId: row.parent_session_id,
      selfUrl: row.self_url,
      viewUrl: row.view_url,
    },
  };
}

function toStatus(status: string | null): SessionStatus {
  switch (status) {
    case 'active':
      return 'RUNNING';
    // The platform's answers spell it without, its statistics with underscores.
    case 'waitingfortoolresults':
    case 'waiting_for_tool_results':
      return 'WAITING';
    // Nothing runs and nothing is awaited. A session that was only created is `started`; one that is `paused` goes on when it
    // is resumed.
    case 'started':
    case 'idle':
    case 'paused':
      return 'IDLE';
    default:
      return 'UNKNOWN';
  }
}

export function toAgent(row: wire.Agent, sourceId: string): EverrunsAgentRecord {
  return {
    sourceId,
    provider: 'everruns',
    key: encodeKey(row.id),
    nativeId: row.id,
    name: row.name,
    description: row.description,
    // Agents only name an entry of the platform's own list of models.
    model: null,
    createdAt: toInstant(row.created_at),
    row: {
      systemPrompt: row.system_prompt,
      defaultModelId: row.default_model_id,
      tags: row.tags ?? [],
      capabilities: row.capabilities ?? [],
      tools: row.tools,
      status: row.status,
      updatedAt: toInstant(row.updated_at),
      usage: row.usage === null ? null : toUsage(row.usage),
      sessionCount: row.session_count,
      appCount: row.app_count,
      selfUrl: row.self_url,
      viewUrl: row.view_url,
    },
  };
}

function toUsage(row: wire.Usage): Usage {
  return {
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheCreationTokens: row.cache_creation_tokens,
  };
}

function toInstant(value: string | null): Instant | null {
  return value === null ? null : parseInstant(value);
}

const capabilityShape: ObjectShape<Capability> = {
  name: 'EverrunsCapability',
  description: 'A capability given to an agent or a session.',
  fields: {
    ref: text('The id of the capability.', (capability) => capability.ref),
    config: json('How the capability is set up here; its form depends on it.', (capability) => capability.config),
  },
};

// Totals of long-lived agents outgrow the 32 bits of an Int.
const usageShape: ObjectShape<Usage> = {
  name: 'EverrunsUsage',
  description: 'Tokens used so far.',
  fields: {
    inputTokens: float('Tokens sent to the model.', (usage) => usage.inputTokens),
    outputTokens: float('Tokens received from the model.', (usage) => usage.outputTokens),
    cacheReadTokens: float('Tokens read from the cache of prompts.', (usage) => usage.cacheReadTokens),
    cacheCreationTokens: float('Tokens written to the cache of prompts.', (usage) => usage.cacheCreationTokens),
  },
};

const onlyInLists =
  'Null when there is none. The platform shows it in its lists only: for a session that was looked up by its id, they are ' +
  'searched, which costs a few requests.';

export const sessionShape: ObjectShape<EverrunsSessionRecord> = {
  name: 'EverrunsSession',
  description:
    'A session of Everruns: one conversation with an agent. Its status says nothing about success; ' +
    'one that was only created (`started`) or is paused counts as idle.',
  fields: {
    organizationId: text('The id of the organization it belongs to.', ({ row }) => row.organizationId),
    agentId: text('The id of its agent on the platform, also when that agent is gone.', ({ row }) => row.agentId),
    preview: detail(text(`The beginning of the first message of the user. ${onlyInLists}`, ({ preview }) => preview)),
    outputPreview: detail(
      text(`The beginning of the last answer of the agent. ${onlyInLists}`, ({ row }) => row.outputPreview),
    ),
    tags: texts('Tags that organize sessions.', (session) => session.tags),
    modelId: text(
      'The id of the model on the platform, when it is not the one of the agent.',
      ({ row }) => row.modelId,
    ),
    capabilities: objects(
      capabilityShape,
      'Capabilities of this session beside those of its agent.',
      ({ row }) => row.capabilities,
    ),
    tools: json('Tools that the client of this session offers.', ({ row }) => row.tools),
    startedAt: time('When it started to run.', ({ row }) => row.startedAt),
    finishedAt: time('When it finished.', ({ row }) => row.finishedAt),
    usage: object(usageShape, 'Tokens used in this session; null when none were.', ({ row }) => row.usage),
    harnessId: text('The id of the harness it runs in.', ({ row }) => row.harnessId),
    workspaceId: text('The id of the workspace it works in.', ({ row }) => row.workspaceId),
    ownerPrincipalId: text('The id of the principal that owns it.', ({ row }) => row.ownerPrincipalId),
    locale: text('The language and region it is held in.', ({ row }) => row.locale),
    isPinned: flag('Whether it is pinned.', ({ row }) => row.isPinned),
    features: json('Features of the session, as the platform sends them.', ({ row }) => row.features),
    parentSessionId: text('The id of the session that started it.', ({ row }) => row.parentSessionId),
    parentSession: entity('session', 'The session that started it.', ({ sourceId, row }) =>
      row.parentSessionId === null ? null : { sourceId, key: encodeKey(row.parentSessionId) },
    ),
    selfUrl: text('Where the platform answers for it.', ({ row }) => row.selfUrl),
    viewUrl: text('Where people can look at it.', ({ row }) => row.viewUrl),
  },
};

export const agentShape: ObjectShape<EverrunsAgentRecord> = {
  name: 'EverrunsAgent',
  description: 'An agent of Everruns. Lists hold active agents only; an archived one is found by its id.',
  fields: {
    systemPrompt: text('The instructions of the agent.', ({ row }) => row.systemPrompt),
    defaultModelId: text(
      'The id of its model on the platform, which is not the name the maker of the model uses.',
      ({ row }) => row.defaultModelId,
    ),
    tags: texts('Tags that organize agents.', ({ row }) => row.tags),
    capabilities: objects(capabilityShape, 'What the agent can do.', ({ row }) => row.capabilities),
    tools: json('Tools that clients of the agent offer.', ({ row }) => row.tools),
    status: text('The state of the agent as the platform spells it: `active` or `archived`.', ({ row }) => row.status),
    updatedAt: time('When the agent was last changed.', ({ row }) => row.updatedAt),
    usage: object(usageShape, 'Tokens used by the agent; null when none were.', ({ row }) => row.usage),
    sessionCount: float('How many sessions it has, where the platform counts.', ({ row }) => row.sessionCount),
    appCount: float('How many apps use it, where the platform counts.', ({ row }) => row.appCount),
    selfUrl: text('Where the platform answers for it.', ({ row }) => row.selfUrl),
    viewUrl: text('Where people can look at it.', ({ row }) => row.viewUrl),
  },
};
