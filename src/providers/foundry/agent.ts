import { z } from 'zod';
import type { AgentRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import * as sent from '../sent.ts';
import { agentVersions, entity, type ObjectShape } from '../shape.ts';
import * as wire from '../wire.ts';
import { agentVersionRow } from './agent-version.ts';
import { pageOf } from './page.ts';

const agentEndpoint = sent.part('FoundryAgentEndpoint', 'How clients reach a hosted agent.', {
  version_selector: sent.json('The rules that choose which version answers, as the platform sends them.'),
  protocol_configuration: sent.json('The settings of each protocol of the endpoint, as the platform sends them.'),
  authorization_schemes: sent.json('How the endpoint identifies its callers, as the platform sends it.'),
});

const agent = {
  name: wire.id,
  object: sent.text('The type of the object on the platform: `agent`.'),
  id: sent.named('agentId', sent.text('The id of the agent. The platform looks agents up by name, not by this id.')),
  latestVersion: sent.below,
  versions: wire.nullable(z.object({ latest: wire.nullable(agentVersionRow) })),
  state: sent.text('Whether the agent can be used, such as `enabled` or `disabled`.'),
  configuration_state: sent.json('The state of the configuration of the agent, as the platform sends it.'),
  state_source: sent.json('What set the state of the agent, as the platform sends it.'),
  agent_endpoint: sent.object(agentEndpoint, 'How clients reach the agent.'),
  instance_identity: sent.json('The identity that the agent runs as.'),
  blueprint: sent.json('The blueprint that the agent was made from.'),
  blueprint_reference: sent.json('A reference to that blueprint.'),
  agent_card: sent.json('How the agent describes itself to other agents.'),
  digital_worker_type: sent.json('The type of digital worker that the agent is.'),
};

export const agentRow = sent.schemaOf(agent);

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

export const agentShape: ObjectShape<FoundryAgentRecord> = {
  name: 'FoundryAgent',
  description: 'An agent of an Azure AI Foundry project. Its description and model are those of its latest version.',
  fields: sent.fieldsOf(agent, sent.rowOf, {
    latestVersion: entity('agentVersion', 'The latest version of the agent.', ({ sourceId, row }) => {
      const latest = row.versions?.latest ?? null;
      return latest === null ? null : { sourceId, key: encodeKey(row.name, latest.version) };
    }),
    versions: agentVersions(
      'All versions of the agent, newest first. Null when the agent no longer exists.',
      ({ sourceId, key }) => ({ sourceId, key }),
    ),
  }),
};
