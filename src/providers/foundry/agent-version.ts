import { z } from 'zod';
import { instantFromSeconds } from '../../domain/instant.ts';
import type { EntityRecord } from '../../domain/records.ts';
import { encodeKey, ownerIdOf } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import { entity, flag, float, json, type ObjectShape, object, objects, required, text, time } from '../shape.ts';
import * as wire from '../wire.ts';
import { pageOf } from './page.ts';
import type { FoundrySettings } from './settings.ts';

const protocolVersion = z.object({ protocol: wire.text, version: wire.text });

const sessionConfiguration = z.object({ idle_timeout_seconds: wire.number });

const definition = z.object({
  kind: wire.text,
  model: wire.text,
  cpu: wire.text,
  memory: wire.text,
  environment_variables: wire.nullable(z.record(z.string(), z.string().nullable())),
  container_configuration: wire.json,
  code_configuration: wire.json,
  protocol_versions: wire.list(protocolVersion),
  session_configuration: wire.nullable(sessionConfiguration),
  telemetry_config: wire.json,
});

export const agentVersionRow = z.object({
  object: wire.text,
  id: wire.text,
  version: wire.id,
  description: wire.text,
  metadata: wire.json,
  created_at: wire.number,
  definition: wire.nullable(definition),
  draft: wire.flag,
  status: wire.text,
  instance_identity: wire.json,
  blueprint: wire.json,
  agent_guid: wire.text,
});

export const agentVersionPage = pageOf(agentVersionRow);

type Definition = z.infer<typeof definition>;
export type AgentVersionRow = z.infer<typeof agentVersionRow>;
export type FoundryAgentVersionRecord = EntityRecord<AgentVersionRow>;

export function toAgentVersion(
  row: AgentVersionRow,
  agentName: string,
  { id: sourceId, settings }: SourceConfig<FoundrySettings>,
): FoundryAgentVersionRecord {
  return {
    sourceId,
    provider: 'foundry',
    key: encodeKey(agentName, row.version),
    nativeId: row.version,
    row: settings.environmentValues ? row : { ...row, definition: withoutEnvironmentValues(row.definition) },
  };
}

/** Values often hold secrets, so they go before anything can show them. */
function withoutEnvironmentValues(row: Definition | null): Definition | null {
  if (row === null) return null;
  const names = Object.keys(row.environment_variables ?? {});
  return { ...row, environment_variables: Object.fromEntries(names.map((name) => [name, null])) };
}

interface EnvironmentVariable {
  readonly name: string;
  readonly value: string | null;
}

const environmentVariableShape: ObjectShape<EnvironmentVariable> = {
  name: 'FoundryEnvironmentVariable',
  description: 'An environment variable of the sandbox of an agent.',
  fields: {
    name: required(text('The name of the variable, such as `LOG_LEVEL`.', ({ name }) => name)),
    value: text(
      'The value of the variable. Null unless the configuration of the source sets `environmentValues`, because ' +
        'values often hold secrets.',
      ({ value }) => value,
    ),
  },
};

const protocolVersionShape: ObjectShape<z.infer<typeof protocolVersion>> = {
  name: 'FoundryProtocolVersion',
  description: 'A protocol that an agent understands.',
  fields: {
    protocol: text('The name of the protocol, such as `responses`.', (row) => row.protocol),
    version: text('The version of the protocol, such as `v1`.', (row) => row.version),
  },
};

const sessionConfigurationShape: ObjectShape<z.infer<typeof sessionConfiguration>> = {
  name: 'FoundrySessionConfiguration',
  description: 'The settings of the sessions of an agent version.',
  fields: {
    idleTimeoutSeconds: float(
      'The number of seconds without use after which the platform stops a session.',
      (row) => row.idle_timeout_seconds,
    ),
  },
};

const definitionShape: ObjectShape<z.infer<typeof definition>> = {
  name: 'FoundryAgentDefinition',
  description: 'What an agent version consists of.',
  fields: {
    kind: text('The kind of agent, such as `hosted` or `prompt`.', (row) => row.kind),
    model: text(
      'The model of a prompt agent. The platform does not show the model of a hosted agent.',
      (row) => row.model,
    ),
    cpu: text('The number of processors of the sandbox, such as `1`.', (row) => row.cpu),
    memory: text('The memory of the sandbox, such as `2Gi`.', (row) => row.memory),
    environmentVariables: objects(environmentVariableShape, 'The environment variables of the sandbox.', (row) =>
      Object.entries(row.environment_variables ?? {}).map(([name, value]) => ({ name, value })),
    ),
    containerConfiguration: json(
      'The container image, for an agent deployed as a container. Null for other agents.',
      (row) => row.container_configuration,
    ),
    codeConfiguration: json(
      'The code, for an agent deployed as code. Null for other agents.',
      (row) => row.code_configuration,
    ),
    protocolVersions: objects(
      protocolVersionShape,
      'The protocols that the agent understands.',
      (row) => row.protocol_versions,
    ),
    sessionConfiguration: object(
      sessionConfigurationShape,
      'The settings of the sessions of this version.',
      (row) => row.session_configuration,
    ),
    telemetryConfig: json('Where the agent sends its telemetry.', (row) => row.telemetry_config),
  },
};

export const agentVersionShape: ObjectShape<FoundryAgentVersionRecord> = {
  name: 'FoundryAgentVersion',
  description: 'A version of an Azure AI Foundry agent. A version never changes.',
  fields: {
    agent: entity('agent', 'The agent that this is a version of.', ({ sourceId, key }) => ({
      sourceId,
      key: encodeKey(ownerIdOf(key)),
    })),
    agentName: required(text('The name of that agent.', ({ key }) => ownerIdOf(key))),
    object: text('The type of the object on the platform: `agent.version`.', ({ row }) => row.object),
    versionId: text('The id of the version on the platform.', ({ row }) => row.id),
    version: required(text('The number of the version, such as `3`.', ({ row }) => row.version)),
    description: text('What this version is for.', ({ row }) => row.description),
    metadata: json('Texts that the authors of the version attached to it, by name.', ({ row }) => row.metadata),
    createdAt: time('When the version was created.', ({ row }) => instantFromSeconds(row.created_at)),
    definition: object(definitionShape, 'What the version consists of.', ({ row }) => row.definition),
    draft: flag('Whether the version is a draft.', ({ row }) => row.draft),
    status: text(
      'The state of the version as the platform spells it: `creating`, `active`, `failed`, `deleting`, `deleted` or ' +
        'a newer one.',
      ({ row }) => row.status,
    ),
    instanceIdentity: json('The identity that the version runs as.', ({ row }) => row.instance_identity),
    blueprint: json('The blueprint that the version was made from.', ({ row }) => row.blueprint),
    agentGuid: text('The unique id of the agent.', ({ row }) => row.agent_guid),
  },
};
