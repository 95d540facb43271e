import { z } from 'zod';
import type { EntityRecord } from '../../domain/records.ts';
import { encodeKey, ownerIdOf } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import * as sent from '../sent.ts';
import { entity, type ObjectShape, objects, required, text } from '../shape.ts';
import * as wire from '../wire.ts';
import { pageOf } from './page.ts';
import type { FoundrySettings } from './settings.ts';

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

const protocolVersion = sent.part('FoundryProtocolVersion', 'A protocol that an agent understands.', {
  protocol: sent.text('The name of the protocol, such as `responses`.'),
  version: sent.text('The version of the protocol, such as `v1`.'),
});

const sessionConfiguration = sent.part(
  'FoundrySessionConfiguration',
  'The settings of the sessions of an agent version.',
  {
    idle_timeout_seconds: sent.float('The number of seconds without use after which the platform stops a session.'),
  },
);

const definition = sent.part(
  'FoundryAgentDefinition',
  'What an agent version consists of.',
  {
    kind: sent.text('The kind of agent, such as `hosted` or `prompt`.'),
    model: sent.text('The model of a prompt agent. The platform does not show the model of a hosted agent.'),
    cpu: sent.text('The number of processors of the sandbox, such as `1`.'),
    memory: sent.text('The memory of the sandbox, such as `2Gi`.'),
    environment_variables: wire.nullable(z.record(z.string(), z.string().nullable())),
    container_configuration: sent.json(
      'The container image, for an agent deployed as a container. Null for other agents.',
    ),
    code_configuration: sent.json('The code, for an agent deployed as code. Null for other agents.'),
    protocol_versions: sent.objects(protocolVersion, 'The protocols that the agent understands.'),
    session_configuration: sent.object(sessionConfiguration, 'The settings of the sessions of this version.'),
    telemetry_config: sent.json('Where the agent sends its telemetry.'),
  },
  {
    environmentVariables: objects(environmentVariableShape, 'The environment variables of the sandbox.', (row) =>
      Object.entries(row.environment_variables ?? {}).map(([name, value]) => ({ name, value })),
    ),
  },
);

const agentVersion = {
  agent: sent.below,
  agentName: sent.below,
  object: sent.text('The type of the object on the platform: `agent.version`.'),
  id: sent.named('versionId', sent.text('The id of the version on the platform.')),
  version: sent.id('The number of the version, such as `3`.'),
  description: sent.text('What this version is for.'),
  metadata: sent.json('Texts that the authors of the version attached to it, by name.'),
  created_at: sent.unixTime('When the version was created.'),
  definition: sent.object(definition, 'What the version consists of.'),
  draft: sent.flag('Whether the version is a draft.'),
  status: sent.text(
    'The state of the version as the platform spells it: `creating`, `active`, `failed`, `deleting`, `deleted` or ' +
      'a newer one.',
  ),
  instance_identity: sent.json('The identity that the version runs as.'),
  blueprint: sent.json('The blueprint that the version was made from.'),
  agent_guid: sent.text('The unique id of the agent.'),
};

export const agentVersionRow = sent.schemaOf(agentVersion);

export const agentVersionPage = pageOf(agentVersionRow);

type Definition = z.infer<typeof definition.schema>;
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

export const agentVersionShape: ObjectShape<FoundryAgentVersionRecord> = {
  name: 'FoundryAgentVersion',
  description: 'A version of an Azure AI Foundry agent. A version never changes.',
  fields: sent.fieldsOf(agentVersion, sent.rowOf, {
    agent: entity('agent', 'The agent that this is a version of.', ({ sourceId, key }) => ({
      sourceId,
      key: encodeKey(ownerIdOf(key)),
    })),
    agentName: required(text('The name of that agent.', ({ key }) => ownerIdOf(key))),
  }),
};
