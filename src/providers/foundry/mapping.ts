import { type Instant, instantFromSeconds } from '../../domain/instant.ts';
import type { AgentRecord, EntityRecord, SessionRecord, SessionStatus } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import {
  agentVersions,
  entity,
  flag,
  float,
  json,
  type ObjectShape,
  object,
  objects,
  required,
  text,
  time,
} from '../shape.ts';
import type * as wire from './wire.ts';

export interface FoundrySessionNative {
  readonly agentName: string;
  readonly versionIndicator: VersionIndicator | null;
  readonly lastAccessedAt: Instant | null;
  readonly expiresAt: Instant | null;
  readonly stoppedAt: Instant | null;
}

interface VersionIndicator {
  readonly type: string | null;
  readonly agentVersion: string | null;
}

export interface FoundryAgentNative {
  readonly object: string | null;
  readonly agentId: string | null;
  readonly state: string | null;
  readonly configurationState: unknown;
  readonly stateSource: unknown;
  readonly agentEndpoint: AgentEndpoint | null;
  readonly instanceIdentity: unknown;
  readonly blueprint: unknown;
  readonly blueprintReference: unknown;
  readonly agentCard: unknown;
  readonly digitalWorkerType: unknown;
  readonly latestVersion: FoundryAgentVersionRecord | null;
}

interface AgentEndpoint {
  readonly versionSelector: unknown;
  readonly protocolConfiguration: unknown;
  readonly authorizationSchemes: unknown;
}

export interface FoundryAgentVersionNative {
  readonly agentName: string;
  readonly object: string | null;
  readonly versionId: string | null;
  readonly description: string | null;
  readonly metadata: unknown;
  readonly createdAt: Instant | null;
  readonly definition: Definition | null;
  readonly draft: boolean | null;
  readonly status: string | null;
  readonly instanceIdentity: unknown;
  readonly blueprint: unknown;
  readonly agentGuid: string | null;
}

interface Definition {
  readonly kind: string | null;
  readonly model: string | null;
  readonly cpu: string | null;
  readonly memory: string | null;
  readonly environmentVariables: unknown;
  readonly containerConfiguration: unknown;
  readonly codeConfiguration: unknown;
  readonly protocolVersions: readonly ProtocolVersion[];
  readonly sessionConfiguration: SessionConfiguration | null;
  readonly telemetryConfig: unknown;
}

interface ProtocolVersion {
  readonly protocol: string | null;
  readonly version: string | null;
}

interface SessionConfiguration {
  readonly idleTimeoutSeconds: number | null;
}

export type FoundrySessionRecord = SessionRecord<FoundrySessionNative>;
export type FoundryAgentRecord = AgentRecord<FoundryAgentNative>;
export type FoundryAgentVersionRecord = EntityRecord<FoundryAgentVersionNative>;

/** What is asked for, which the rows do not repeat. */
export interface FoundryListing {
  readonly sourceId: string;
  /** Whose sessions the platform shows; null when it is not told a user. */
  readonly user: string | null;
}

export function toSession(
  row: wire.Session,
  agentName: string,
  { sourceId, user }: FoundryListing,
): FoundrySessionRecord {
  const lastAccessedAt = toInstant(row.last_accessed_at);
  const indicator = row.version_indicator;
  return {
    sourceId,
    provider: 'foundry',
    key: encodeKey(agentName, row.agent_session_id),
    nativeId: row.agent_session_id,
    kind: 'AGENT',
    title: null,
    preview: null,
    status: toStatus(row.status),
    nativeStatus: row.status,
    createdAt: toInstant(row.created_at),
    updatedAt: lastAccessedAt,
    userId: user,
    agentKey: encodeKey(agentName),
    teamKey: null,
    workflowKey: null,
    tags: [],
    complete: true,
    row: {
      agentName,
      versionIndicator: indicator === null ? null : { type: indicator.type, agentVersion: indicator.agent_version },
      lastAccessedAt,
      expiresAt: toInstant(row.expires_at),
      stoppedAt: toInstant(row.stopped_at),
    },
  };
}

function toStatus(status: string | null): SessionStatus {
  // Documented in lower case, shown capitalised in the platform's own examples.
  switch (status?.toLowerCase()) {
    case 'creating':
      return 'STARTING';
    case 'active':
    case 'updating':
      return 'RUNNING';
    case 'idle':
      return 'IDLE';
    case 'failed':
      return 'FAILED';
    case 'deleting':
    case 'deleted':
    case 'expired':
      return 'ENDED';
    default:
      return 'UNKNOWN';
  }
}

export function toAgent(row: wire.Agent, sourceId: string): FoundryAgentRecord {
  const latest = row.versions?.latest ?? null;
  return {
    sourceId,
    provider: 'foundry',
    key: encodeKey(row.name),
    nativeId: row.name,
    name: row.name,
    description: latest?.description ?? null,
    model: latest?.definition?.model ?? null,
    createdAt: null,
    row: {
      object: row.object,
      agentId: row.id,
      state: row.state,
      configurationState: row.configuration_state,
      stateSource: row.state_source,
      agentEndpoint: row.agent_endpoint === null ? null : toAgentEndpoint(row.agent_endpoint),
      instanceIdentity: row.instance_identity,
      blueprint: row.blueprint,
      blueprintReference: row.blueprint_reference,
      agentCard: row.agent_card,
      digitalWorkerType: row.digital_worker_type,
      latestVersion: latest === null ? null : toAgentVersion(latest, row.name, sourceId),
    },
  };
}

function toAgentEndpoint(row: wire.AgentEndpoint): AgentEndpoint {
  return {
    versionSelector: row.version_selector,
    protocolConfiguration: row.protocol_configuration,
    authorizationSchemes: row.authorization_schemes,
  };
}

export function toAgentVersion(row: wire.AgentVersion, agentName: string, sourceId: string): FoundryAgentVersionRecord {
  return {
    sourceId,
    provider: 'foundry',
    key: encodeKey(agentName, row.version),
    nativeId: row.version,
    row: {
      agentName,
      object: row.object,
      versionId: row.id,
      description: row.description,
      metadata: row.metadata,
      createdAt: toInstant(row.created_at),
      definition: row.definition === null ? null : toDefinition(row.definition),
      draft: row.draft,
      status: row.status,
      instanceIdentity: row.instance_identity,
      blueprint: row.blueprint,
      agentGuid: row.agent_guid,
    },
  };
}

function toDefinition(row: wire.Definition): Definition {
  const session = row.session_configuration;
  return {
    kind: row.kind,
    model: row.model,
    cpu: row.cpu,
    memory: row.memory,
    environmentVariables: row.environment_variables,
    containerConfiguration: row.container_configuration,
    codeConfiguration: row.code_configuration,
    protocolVersions: row.protocol_versions ?? [],
    sessionConfiguration: session === null ? null : { idleTimeoutSeconds: session.idle_timeout_seconds },
    telemetryConfig: row.telemetry_config,
  };
}

/** The envelope of all lists. */
export interface AnswerPage<Row> {
  readonly data: readonly Row[];
  readonly last_id: string | null;
  readonly has_more: boolean | null;
}

export interface FoundryPage<Record> {
  readonly rows: readonly Record[];
  readonly more: boolean;
  readonly lastId: string | null;
}

export function toPage<Row, Record>(
  answer: AnswerPage<Row>,
  after: string | null,
  toRecord: (row: Row) => Record,
): FoundryPage<Record> {
  const lastId = answer.last_id;
  // A last id that does not move would be asked for again and again.
  const more = answer.has_more === true && answer.data.length > 0 && lastId !== null && lastId !== after;
  return { rows: answer.data.map(toRecord), more, lastId };
}

function toInstant(seconds: number | null): Instant | null {
  return seconds === null ? null : instantFromSeconds(seconds);
}

const versionIndicatorShape: ObjectShape<VersionIndicator> = {
  name: 'FoundryVersionIndicator',
  description: 'Says which version of its agent backs a session.',
  fields: {
    type: text('How the version is named; `version_ref` is the only known way.', (indicator) => indicator.type),
    agentVersion: text('The version, such as `3`.', (indicator) => indicator.agentVersion),
  },
};

export const sessionShape: ObjectShape<FoundrySessionRecord> = {
  name: 'FoundrySession',
  description:
    'A session of an Azure AI Foundry hosted agent: a long-lived sandbox in which the agent is invoked. ' +
    'It has no title. The platform does not say whose it is, but shows each user only their own: where the source has ' +
    'a `user`, its sessions belong to that user.',
  fields: {
    agentSessionId: required(
      text('The id of the session, unique only among the sessions of its agent.', (session) => session.nativeId),
    ),
    agentName: required(text('The name of the agent whose session this is.', ({ row }) => row.agentName)),
    versionIndicator: object(
      versionIndicatorShape,
      'The version of the agent that backs the session, as the platform names it.',
      ({ row }) => row.versionIndicator,
    ),
    agentVersion: entity(
      'agentVersion',
      'The version of the agent that backs the session; null when that version has been deleted.',
      ({ sourceId, row }) => {
        const version = row.versionIndicator?.agentVersion ?? null;
        return version === null ? null : { sourceId, key: encodeKey(row.agentName, version) };
      },
    ),
    lastAccessedAt: time('When the session was last used.', ({ row }) => row.lastAccessedAt),
    expiresAt: time(
      'When the session will be removed if it is not used before; each use moves it.',
      ({ row }) => row.expiresAt,
    ),
    stoppedAt: time(
      'When the sandbox of the session was last stopped; null when it never was.',
      ({ row }) => row.stoppedAt,
    ),
  },
};

const agentEndpointShape: ObjectShape<AgentEndpoint> = {
  name: 'FoundryAgentEndpoint',
  description: 'How a hosted agent can be reached.',
  fields: {
    versionSelector: json(
      'The rules that choose the version that answers, as the platform sends them.',
      (endpoint) => endpoint.versionSelector,
    ),
    protocolConfiguration: json(
      'The protocols of the endpoint, as the platform sends them.',
      (endpoint) => endpoint.protocolConfiguration,
    ),
    authorizationSchemes: json(
      'How callers of the endpoint are told apart, as the platform sends it.',
      (endpoint) => endpoint.authorizationSchemes,
    ),
  },
};

export const agentShape: ObjectShape<FoundryAgentRecord> = {
  name: 'FoundryAgent',
  description: 'An agent of an Azure AI Foundry project. Its description and model are those of its latest version.',
  fields: {
    object: text('The type of the object on the platform: `agent`.', ({ row }) => row.object),
    agentId: text('The id of the agent on the platform, where agents are addressed by name.', ({ row }) => row.agentId),
    latestVersion: entity('agentVersion', 'The latest version of the agent.', ({ row }) => row.latestVersion),
    versions: agentVersions(
      'All versions of the agent, newest first. Null when the agent is gone.',
      ({ sourceId, key }) => ({ sourceId, key }),
    ),
    state: text('Whether the agent can be used, such as `enabled` or `disabled`.', ({ row }) => row.state),
    configurationState: json('The state of its configuration.', ({ row }) => row.configurationState),
    stateSource: json('What set its state.', ({ row }) => row.stateSource),
    agentEndpoint: object(agentEndpointShape, 'How the agent can be reached.', ({ row }) => row.agentEndpoint),
    instanceIdentity: json('The identity the agent runs as.', ({ row }) => row.instanceIdentity),
    blueprint: json('The blueprint the agent was made from.', ({ row }) => row.blueprint),
    blueprintReference: json('What names that blueprint.', ({ row }) => row.blueprintReference),
    agentCard: json('How the agent presents itself to other agents.', ({ row }) => row.agentCard),
    digitalWorkerType: json('What kind of digital worker the agent is.', ({ row }) => row.digitalWorkerType),
  },
};

const protocolVersionShape: ObjectShape<ProtocolVersion> = {
  name: 'FoundryProtocolVersion',
  description: 'A protocol that an agent understands.',
  fields: {
    protocol: text('The name of the protocol.', (entry) => entry.protocol),
    version: text('The version of the protocol.', (entry) => entry.version),
  },
};

const sessionConfigurationShape: ObjectShape<SessionConfiguration> = {
  name: 'FoundrySessionConfiguration',
  description: 'How sessions of an agent version behave.',
  fields: {
    idleTimeoutSeconds: float(
      'After how many seconds without use a session is stopped.',
      (configuration) => configuration.idleTimeoutSeconds,
    ),
  },
};

const definitionShape: ObjectShape<Definition> = {
  name: 'FoundryAgentDefinition',
  description: 'What an agent version consists of.',
  fields: {
    kind: text('The kind of agent, such as `hosted` or `prompt`.', (definition) => definition.kind),
    model: text('The model of a prompt agent; hosted agents do not tell theirs.', (definition) => definition.model),
    cpu: text('The processors of its sandbox, such as `1`.', (definition) => definition.cpu),
    memory: text('The memory of its sandbox, such as `2Gi`.', (definition) => definition.memory),
    environmentVariables: json(
      'The environment of its sandbox, by name.',
      (definition) => definition.environmentVariables,
    ),
    containerConfiguration: json(
      'The container image it runs, when it is one.',
      (definition) => definition.containerConfiguration,
    ),
    codeConfiguration: json('The code it runs, when it is no image.', (definition) => definition.codeConfiguration),
    protocolVersions: objects(
      protocolVersionShape,
      'The protocols it understands.',
      (definition) => definition.protocolVersions,
    ),
    sessionConfiguration: object(
      sessionConfigurationShape,
      'How its sessions behave.',
      (definition) => definition.sessionConfiguration,
    ),
    telemetryConfig: json('Where its telemetry goes.', (definition) => definition.telemetryConfig),
  },
};

export const agentVersionShape: ObjectShape<FoundryAgentVersionRecord> = {
  name: 'FoundryAgentVersion',
  description: 'A version of an Azure AI Foundry agent; versions never change.',
  fields: {
    agent: entity('agent', 'The agent this is a version of.', ({ sourceId, row }) => ({
      sourceId,
      key: encodeKey(row.agentName),
    })),
    agentName: required(text('The name of that agent.', ({ row }) => row.agentName)),
    object: text('The type of the object on the platform: `agent.version`.', ({ row }) => row.object),
    versionId: text('The id of the version on the platform.', ({ row }) => row.versionId),
    version: required(text('The version, such as `3`.', (version) => version.nativeId)),
    description: text('What this version is for.', ({ row }) => row.description),
    metadata: json('Texts that its makers attached to it, by name.', ({ row }) => row.metadata),
    createdAt: time('When the version was made.', ({ row }) => row.createdAt),
    definition: object(definitionShape, 'What the version consists of.', ({ row }) => row.definition),
    draft: flag('Whether the version is a draft.', ({ row }) => row.draft),
    status: text(
      'The state of the version as the platform spells it: creating, active, failed, deleting, deleted, or a newer one.',
      ({ row }) => row.status,
    ),
    instanceIdentity: json('The identity the version runs as.', ({ row }) => row.instanceIdentity),
    blueprint: json('The blueprint the version was made from.', ({ row }) => row.blueprint),
    agentGuid: text('The unique id of the agent.', ({ row }) => row.agentGuid),
  },
};
