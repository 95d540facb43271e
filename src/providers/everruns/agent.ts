import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import type { AgentRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import * as sent from '../sent.ts';
import type { ObjectShape } from '../shape.ts';
import * as wire from '../wire.ts';
import { capability } from './capability.ts';
import { usage } from './usage.ts';

const agent = {
  id: wire.id,
  name: wire.text,
  description: wire.text,
  created_at: wire.text,
  system_prompt: sent.text('The instructions of the agent.'),
  default_model_id: sent.text(
    "The id of the agent's model on the platform. It is not the name that the maker of the model uses.",
  ),
  tags: sent.texts('Tags that organize agents.'),
  capabilities: sent.objects(capability, 'What the agent can do.'),
  tools: sent.json('Tools that the clients of the agent provide.'),
  status: sent.text('The state of the agent as the platform spells it: `active` or `archived`.'),
  updated_at: sent.time('When the agent was last changed.'),
  usage: sent.object(usage, 'Tokens used by the agent. Null when it has used none.'),
  session_count: sent.float('The number of sessions of the agent. Null when the platform does not count them.'),
  app_count: sent.float('The number of apps that use the agent. Null when the platform does not count them.'),
  self_url: sent.text("The URL of the agent in the platform's API."),
  view_url: sent.text('The URL where people can view the agent.'),
};

export const agentRow = sent.schemaOf(agent);

// An answer without a total holds the whole list: earlier versions do not page.
export const agentPage = z.object({ data: z.array(agentRow), total: wire.nullable(z.int().min(0)) });

export type AgentRow = z.infer<typeof agentRow>;
export type AgentPage = z.infer<typeof agentPage>;
export type EverrunsAgentRecord = AgentRecord<AgentRow>;

export function toAgent(row: AgentRow, sourceId: string): EverrunsAgentRecord {
  return {
    sourceId,
    provider: 'everruns',
    key: encodeKey(row.id),
    nativeId: row.id,
    name: row.name,
    description: row.description,
    // An agent only has the id of a model, which names an entry in the platform's own list.
    model: null,
    createdAt: parseInstant(row.created_at),
    row,
  };
}

export const agentShape: ObjectShape<EverrunsAgentRecord> = {
  name: 'EverrunsAgent',
  description: 'An agent on Everruns. Lists contain active agents only; look up an archived agent by its id.',
  fields: sent.fieldsOf(agent, sent.rowOf),
};
