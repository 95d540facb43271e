import { z } from 'zod';
import type { AgentRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import { agentVersions, entity, json, type ObjectShape, object, text } from '../shape.ts';
import * as wire from '../wire.ts';
import { agentVersionRow } from './agent-version.ts';
import { pageOf } from './page.ts';

const agentEndpoint = z.object({
  version_selector: wire.json,
  protocol_configuration: wire.json,
  authorization_schemes: wire.json,
});

export const agentRow = z.object({
  object: wire.text,
  id: wire.text,
  name: wire.id,
  versions: wire.nullable(z.object({ latest: wire.nullable(agentVersionRow) })),
  state: wire.text,
  configuration_state: wire.json,
  state_source: wire.json,
  agent_endpoint: wire.nullable(agentEndpoint),
  instance_identity: wire.json,
  blueprint: wire.json,
  blueprint_reference: wire.json,
  agent_card: wire.json,
  digital_worker_type: wire.json,
});

export const agentPage = pageOf(agentRow);

export type AgentRow = z.infer<typeof agentRow>;
export type FoundryAgentRecord = AgentRecord<AgentRow>;

export function toAgent(row: AgentRow, sourceId: string): FoundryAgentRecord {
  const latest = row.versions?.latest;
  return {
    sourceId,
    provider: 'foundry',
    key: encodeKey(row.name),
    nativeId: row.name,
    name: row.name,
    description: latest?.description ?? null,
    model: latest?.definition?.model ?? null,
    createdAt: null,
    row,
  };
}

const agentEndpointShape: ObjectShape<z.infer<typeof agentEndpoint>> = {
  name: 'FoundryAgentEndpoint',
  description: 'How clients reach a hosted agent.',
  fields: {
    versionSelector: json(
      'The rules that choose which version answers, as the platform sends them.',
      (row) => row.version_selector,
    ),
    protocolConfiguration: json(
      'The settings of each protocol of the endpoint, as the platform sends them.',
      (row) => row.protocol_configuration,
    ),
    authorizationSchemes: json(
      'How the endpoint identifies its callers, as the platform sends it.',
      (row) => row.authorization_schemes,
    ),
  },
};

export const agentShape: ObjectShape<FoundryAgentRecord> = {
  name: 'FoundryAgent',
  description: 'An agent of an Azure AI Foundry project. Its description and model are those of its latest version.',
  fields: {
    object: text('The type of the object on the platform: `agent`.', ({ row }) => row.object),
    agentId: text('The id of the agent. The platform looks agents up by name, not by this id.', ({ row }) => row.id),
    latestVersion: entity('agentVersion', 'The latest version of the agent.', ({ sourceId, row }) => {
      const latest = row.versions?.latest ?? null;
      return latest === null ? null : { sourceId, key: encodeKey(row.name, latest.version) };
    }),
    versions: agentVersions(
      'All versions of the agent, newest first. Null when the agent no longer exists.',
      ({ sourceId, key }) => ({ sourceId, key }),
    ),
    state: text('Whether the agent can be used, such as `enabled` or `disabled`.', ({ row }) => row.state),
    configurationState: json(
      'The state of the configuration of the agent, as the platform sends it.',
      ({ row }) => row.configuration_state,
    ),
    stateSource: json('What set the state of the agent, as the platform sends it.', ({ row }) => row.state_source),
    agentEndpoint: object(agentEndpointShape, 'How clients reach the agent.', ({ row }) => row.agent_endpoint),
    instanceIdentity: json('The identity that the agent runs as.', ({ row }) => row.instance_identity),
    blueprint: json('The blueprint that the agent was made from.', ({ row }) => row.blueprint),
    blueprintReference: json('A reference to that blueprint.', ({ row }) => row.blueprint_reference),
    agentCard: json('How the agent describes itself to other agents.', ({ row }) => row.agent_card),
    digitalWorkerType: json('The type of digital worker that the agent is.', ({ row }) => row.digital_worker_type),
  },
};
